using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>F(4×4, 3×3) on the points 0, ±1, ±2, ∞: 36 products instead of 144.</summary>
/// <remarks>The inner loops are straight lines: 6 one-dimensional transforms down the columns into a small buffer, then along its rows.</remarks>
internal sealed unsafe class Winograd4x4<TLanes, TDouble> : WinogradTransform
    where TLanes : struct, IFloatLanes<TLanes>
    where TDouble : struct, IDoubleLanes<TDouble>
{
    // A chunk of channels at a time: pointers to 36 pixels are then made for several vectors.
    private const int Side = 6, TileOutputs = 4, Chunk = 2 * Lanes, Row = Side * Chunk;

    public override int Outputs => 4;

    /// <summary>The weight 1, inputs 2 for each dimension, outputs 3 for each dimension.</summary>
    public override int Roundings => 1 + 2 * 2 + 2 * 3;

    private static int Step => TLanes.Count;

    public override void Weights(float* taps, float* products, nint pitch)
    {
        pitch *= sizeof(float);
        nint pitch2 = 2 * pitch, pitch3 = 3 * pitch, pitch4 = 4 * pitch, pitch5 = 5 * pitch, row = 6 * pitch;
        for (int lane = 0; lane < WeightLanes; lane += TDouble.Count, taps += TDouble.Count)
        {
            var (a0, a1, a2, a3, a4, a5) = FilterColumn(taps);
            var (b0, b1, b2, b3, b4, b5) = FilterColumn(taps + WeightLanes);
            var (c0, c1, c2, c3, c4, c5) = FilterColumn(taps + 2 * WeightLanes);
            byte* to = (byte*)(products + lane);
            FilterRow(a0, b0, c0, to, pitch, pitch2, pitch3, pitch4, pitch5);
            to += row;
            FilterRow(a1, b1, c1, to, pitch, pitch2, pitch3, pitch4, pitch5);
            to += row;
            FilterRow(a2, b2, c2, to, pitch, pitch2, pitch3, pitch4, pitch5);
            to += row;
            FilterRow(a3, b3, c3, to, pitch, pitch2, pitch3, pitch4, pitch5);
            to += row;
            FilterRow(a4, b4, c4, to, pitch, pitch2, pitch3, pitch4, pitch5);
            to += row;
            FilterRow(a5, b5, c5, to, pitch, pitch2, pitch3, pitch4, pitch5);
        }
    }

    public override void Input(in WinogradBlock block)
    {
        for (int tile = 0; tile < block.Tiles; tile++)
            InputTile(block.Arena, block.Offsets + tile * Products, block.Channels, block.Of(tile, Step), block.Interleaved * Step, block.Pitch);
    }

    [SkipLocalsInit]
    private static void InputTile(byte* arena, uint* offsets, int channels, float* transformed, nint next, nint pitch)
    {
        float* buffer = stackalloc float[Side * Row];
        TLanes four = TLanes.Of(4), minusFour = TLanes.Of(-4), minusFive = TLanes.Of(-5);
        nint step = Step * sizeof(float), plane = pitch * sizeof(float);
        nint plane2 = 2 * plane, plane3 = 3 * plane, plane4 = 4 * plane, plane5 = 5 * plane;
        for (int first = 0; first < channels; first += Chunk, arena += Chunk * sizeof(float))
        {
            int count = Math.Min(Chunk, channels - first) * sizeof(float);
            for (int x = 0; x < Side; x++)
            {
                uint* column = offsets + x;
                byte* d0 = arena + column[0], d1 = arena + column[Side], d2 = arena + column[2 * Side];
                byte* d3 = arena + column[3 * Side], d4 = arena + column[4 * Side], d5 = arena + column[5 * Side];
                byte* to = (byte*)(buffer + x * Chunk);
                for (nint c = 0; c < count; c += step)
                {
                    InputLine(
                        TLanes.Load((float*)(d0 + c)), TLanes.Load((float*)(d1 + c)), TLanes.Load((float*)(d2 + c)),
                        TLanes.Load((float*)(d3 + c)), TLanes.Load((float*)(d4 + c)), TLanes.Load((float*)(d5 + c)), to + c,
                        1 * Row * sizeof(float), 2 * Row * sizeof(float), 3 * Row * sizeof(float), 4 * Row * sizeof(float), 5 * Row * sizeof(float),
                        four, minusFour, minusFive);
                }
            }

            byte* row = (byte*)transformed;
            for (int y = 0; y < Side; y++, row += 6 * plane)
            {
                byte* to = row;
                float* line = buffer + y * Row;
                for (nint c = 0; c < count; c += step, to += next * sizeof(float), line += Step)
                {
                    InputLine(
                        TLanes.Load(line), TLanes.Load(line + Chunk), TLanes.Load(line + 2 * Chunk), TLanes.Load(line + 3 * Chunk),
                        TLanes.Load(line + 4 * Chunk), TLanes.Load(line + 5 * Chunk), to, plane, plane2, plane3, plane4, plane5,
                        four, minusFour, minusFive);
                }
            }

            transformed += Chunk / Step * next;
        }
    }

    [SkipLocalsInit]
    public override void Output(float* products, nint pitch, in WinogradEpilogue epilogue)
    {
        float* buffer = stackalloc float[TileOutputs * Side * Step], rest = stackalloc float[TileOutputs * TileOutputs * Step];
        TLanes two = TLanes.Of(2), four = TLanes.Of(4), eight = TLanes.Of(8);
        int row = Side * Step, height = epilogue.Height;
        var pixels = new WinogradPixels<TLanes>(in epilogue);
        nint next = Side * pitch;
        for (int lane = 0; lane < epilogue.Count; lane += Step)
        {
            float* m = products + lane, to = buffer;
            for (int x = 0; x < Side; x++, m += pitch, to += Step)
            {
                var (y0, y1, y2, y3) = OutputLine(
                    TLanes.Load(m), TLanes.Load(m + next), TLanes.Load(m + 2 * next), TLanes.Load(m + 3 * next), TLanes.Load(m + 4 * next),
                    TLanes.Load(m + 5 * next), two, four, eight);
                y0.Store(to);
                y1.Store(to + row);
                y2.Store(to + 2 * row);
                y3.Store(to + 3 * row);
            }

            pixels.Start(in epilogue, lane, rest);
            float* line = buffer;
            for (int y = 0; y < height; y++, line += row)
            {
                var (x0, x1, x2, x3) = OutputLine(
                    TLanes.Load(line), TLanes.Load(line + Step), TLanes.Load(line + 2 * Step), TLanes.Load(line + 3 * Step),
                    TLanes.Load(line + 4 * Step), TLanes.Load(line + 5 * Step), two, four, eight);
                pixels.Store(y, x0, x1, x2, x3);
            }
        }

        WinogradPixels<TLanes>.Copy(in epilogue, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TDouble U0, TDouble U1, TDouble U2, TDouble U3, TDouble U4, TDouble U5) FilterColumn(float* taps) =>
        FilterLine(TDouble.Load(taps), TDouble.Load(taps + 3 * WeightLanes), TDouble.Load(taps + 6 * WeightLanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterRow(
        TDouble g0, TDouble g1, TDouble g2, byte* to, nint pitch, nint pitch2, nint pitch3, nint pitch4, nint pitch5)
    {
        var (u0, u1, u2, u3, u4, u5) = FilterLine(g0, g1, g2);
        u0.Store((float*)to);
        u1.Store((float*)(to + pitch));
        u2.Store((float*)(to + pitch2));
        u3.Store((float*)(to + pitch3));
        u4.Store((float*)(to + pitch4));
        u5.Store((float*)(to + pitch5));
    }

    /// <summary>G: rows (1/4, 0, 0), (-1/6)(1, ±1, 1), (1/24)(1, ±2, 4), (0, 0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TDouble U0, TDouble U1, TDouble U2, TDouble U3, TDouble U4, TDouble U5) FilterLine(TDouble g0, TDouble g1, TDouble g2)
    {
        // Multiplied, not divided: the last bit of a double is lost in the rounding to float, and time counts while a model is loaded.
        TDouble sixth = TDouble.Of(1 / 6.0), negative = TDouble.Of(-1 / 6.0);
        TDouble outer = (g0 + g2) * negative, inner = g1 * negative;
        TDouble far = g0 * TDouble.Of(1 / 24.0) + g2 * sixth, near = g1 * TDouble.Of(1 / 12.0);
        return (g0 * TDouble.Of(0.25), outer + inner, outer - inner, far + near, far - near, g2);
    }

    /// <summary>Bᵀ: rows (4, 0, -5, 0, 1, 0), (0, ∓4, -4, ±1, 1, 0), (0, ∓2, -1, ±2, 1, 0), (0, 4, 0, -5, 0, 1); two roundings each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void InputLine(
        TLanes d0, TLanes d1, TLanes d2, TLanes d3, TLanes d4, TLanes d5, byte* to, nint to1, nint to2, nint to3, nint to4, nint to5,
        TLanes four, TLanes minusFour, TLanes minusFive)
    {
        TLanes evenFour = TLanes.FusedMultiplyAdd(minusFour, d2, d4), oddFour = TLanes.FusedMultiplyAdd(minusFour, d1, d3);
        TLanes even = d4 - d2, odd = d3 - d1, oddTwo = odd + odd;
        TLanes.FusedMultiplyAdd(four, d0, TLanes.FusedMultiplyAdd(minusFive, d2, d4)).Store((float*)to);
        (evenFour + oddFour).Store((float*)(to + to1));
        (evenFour - oddFour).Store((float*)(to + to2));
        (even + oddTwo).Store((float*)(to + to3));
        (even - oddTwo).Store((float*)(to + to4));
        TLanes.FusedMultiplyAdd(four, d1, TLanes.FusedMultiplyAdd(minusFive, d3, d5)).Store((float*)(to + to5));
    }

    /// <summary>Aᵀ: rows (1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1); three roundings at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (TLanes Y0, TLanes Y1, TLanes Y2, TLanes Y3) OutputLine(
        TLanes m0, TLanes m1, TLanes m2, TLanes m3, TLanes m4, TLanes m5, TLanes two, TLanes four, TLanes eight)
    {
        TLanes sum = m1 + m2, difference = m1 - m2, farSum = m3 + m4, farDifference = m3 - m4;
        return (
            m0 + sum + farSum,
            TLanes.FusedMultiplyAdd(two, farDifference, difference),
            TLanes.FusedMultiplyAdd(four, farSum, sum),
            TLanes.FusedMultiplyAdd(eight, farDifference, difference) + m5);
    }
}

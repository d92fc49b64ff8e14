using System.Runtime.CompilerServices;
using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Layout;
using ResNetEdge.Backends.Cpu.Unary;
using Line4 = ResNetEdge.Backends.Cpu.Conv.Winograd.Winograd4x4<ResNetEdge.Backends.Cpu.Unary.Float32x4, ResNetEdge.Backends.Cpu.Unary.Float64x2>;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradRows;

/// <summary>
/// Winograd's method along a row for seven taps with stride 2. Four outputs are four taps over the even pixels, F(4, 4), and three over the odd ones,
/// F(4, 3): 13 products instead of 28. Points of both are 0, ±1, ±2, ∞, of the even pixels also -1/2, and what is the same point is one sum.
/// </summary>
/// <remarks>
/// F(4, 3) is the line of <see cref="Winograd4x4{TLanes, TDouble}"/>. Rows of Bᵀ are scaled to whole numbers or halves, the rest is in G, so that
/// only weights are divided: with the usual G of a point p, (1, p, p², p³), divided by 4, -18, -6, 60, -36, 2 and -45/4.
/// </remarks>
internal static unsafe class RowsTransform
{
    /// <summary>Taps of a filter row, and pixels from one output to the next.</summary>
    public const int Taps = 7, Stride = 2;

    /// <summary>Outputs of a tile, input pixels of it, and input pixels from one tile to the next.</summary>
    public const int Outputs = 4, Inputs = 13, Step = Stride * Outputs;

    /// <summary>Points, and those of both phases, which are the first.</summary>
    public const int Points = 7, SharedPoints = 6;

    /// <summary>Roundings between an exact sum of exact products and the output: the weight's, three of inputs and four of outputs.</summary>
    public const int Roundings = 1 + 3 + 4;

    private const int Tiles = 4, Lanes = 4, Vectors = Tiles * Lanes;

    /// <summary>G of the taps between one input row and channel and one output channel, in double and rounded once.</summary>
    /// <param name="g">[7].</param>
    /// <param name="even">Receives [7 points], those of even pixels.</param>
    /// <param name="odd">Receives [6 points].</param>
    public static void Weights(ReadOnlySpan<float> g, Span<float> even, Span<float> odd)
    {
        double g0 = g[0], g1 = g[1], g2 = g[2], g3 = g[3], g4 = g[4], g5 = g[5], g6 = g[6];
        even[0] = (float)(g0 / 4);
        even[1] = (float)(-(g0 + g2 + g4 + g6) / 18);
        even[2] = (float)(-(g0 - g2 + g4 - g6) / 6);
        even[3] = (float)((g0 + 2 * g2 + 4 * g4 + 8 * g6) / 60);
        even[4] = (float)(-(g0 - 2 * g2 + 4 * g4 - 8 * g6) / 36);
        even[5] = (float)(g6 / 2);
        even[6] = (float)(-(8 * g0 - 4 * g2 + 2 * g4 - g6) / 90);
        odd[0] = (float)(g1 / 4);
        odd[1] = (float)(-(g1 + g3 + g5) / 6);
        odd[2] = (float)(-(g1 - g3 + g5) / 6);
        odd[3] = (float)((g1 + 2 * g3 + 4 * g5) / 24);
        odd[4] = (float)((g1 - 2 * g3 + 4 * g5) / 24);
        odd[5] = (float)g5;
    }

    /// <summary>Bᵀ d of one input row of four tiles, transposed: tiles become lanes.</summary>
    /// <param name="pixels">[pixel][channel], beginning with the first tile; up to three elements behind its last pixel are read.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="to">
    /// Receives [2 phases][channel][4 tiles] of the first point. Where channels are no multiple of four, up to three vectors behind are written too,
    /// which the next phase or row overwrites.
    /// </param>
    /// <param name="pitch">Elements from one point to the next.</param>
    /// <param name="last">Receives [channel][4 tiles] of the last point, and as much behind.</param>
    [SkipLocalsInit]
    public static void Input(float* pixels, int channels, float* to, long pitch, float* last)
    {
        const int Point = Vectors * sizeof(float);
        float* even = stackalloc float[(Points + SharedPoints) * Vectors], odd = even + Points * Vectors;
        Float32x4 four = Float32x4.Of(4), minusFour = Float32x4.Of(-4), minusFive = Float32x4.Of(-5);
        nint phase = 2 * (nint)channels, tile = Step * (nint)channels;
        // Even pixels first, for all channels: what is written behind them is then overwritten by the odd ones.
        for (nint c = 0; c < channels; c += Lanes)
        {
            float* d = pixels + c;
            for (int i = 0; i < Vectors; i += Lanes, d += tile)
                Even(d, phase, even + i, four, minusFour, minusFive);
            for (int point = 0; point < SharedPoints; point++)
                Transpose(even + point * Vectors, to + point * pitch + c * Tiles);
            Transpose(even + SharedPoints * Vectors, last + c * Tiles);
        }

        to += channels * (nint)Tiles;
        for (nint c = 0; c < channels; c += Lanes)
        {
            float* d = pixels + channels + c;
            for (int i = 0; i < Vectors; i += Lanes, d += tile)
            {
                Line4.InputLine(
                    Float32x4.Load(d), Float32x4.Load(d + phase), Float32x4.Load(d + 2 * phase), Float32x4.Load(d + 3 * phase),
                    Float32x4.Load(d + 4 * phase), Float32x4.Load(d + 5 * phase), (byte*)(odd + i), Point, 2 * Point, 3 * Point, 4 * Point, 5 * Point,
                    four, minusFour, minusFive);
            }

            for (int point = 0; point < SharedPoints; point++)
                Transpose(odd + point * Vectors, to + point * pitch + c * Tiles);
        }
    }

    /// <summary>Aᵀ m of some tiles that follow each other, then the epilogue.</summary>
    /// <param name="products">[tile][16] of the first point.</param>
    /// <param name="pitch">Elements from one point to the next.</param>
    /// <param name="tiles">How many.</param>
    /// <param name="epilogue">Of the first tile; all have the same width.</param>
    [SkipLocalsInit]
    public static void Output(float* products, nint pitch, int tiles, in WinogradEpilogue epilogue)
    {
        float* rest = stackalloc float[WinogradPixels<Float32x4>.Most * WinogradPixels<Float32x4>.Most * Lanes];
        Float32x4 two = Float32x4.Of(2), four = Float32x4.Of(4), eight = Float32x4.Of(8), minusFour = Float32x4.Of(-4);
        var pixels = new WinogradPixels<Float32x4>(in epilogue);
        var e = epilogue;
        for (; tiles > 0; tiles--, products += Emit.ProductArgs.Columns)
        {
            if (e.Count % Lanes != 0)
                pixels = new WinogradPixels<Float32x4>(in e); // It ended in a vector that was not full.
            for (int lane = 0; lane < e.Count; lane += Lanes)
            {
                float* m = products + lane;
                var (y0, y1, y2, y3) = Line4.OutputLine(
                    Float32x4.Load(m), Float32x4.Load(m + pitch), Float32x4.Load(m + 2 * pitch), Float32x4.Load(m + 3 * pitch),
                    Float32x4.Load(m + 4 * pitch), Float32x4.Load(m + 5 * pitch), two, four, eight);
                var half = Float32x4.Load(m + 6 * pitch);
                pixels.Start(in e, lane, rest);
                pixels.Store(
                    0, Float32x4.FusedMultiplyAdd(eight, half, y0), Float32x4.FusedMultiplyAdd(minusFour, half, y1),
                    Float32x4.FusedMultiplyAdd(two, half, y2), y3 - half);
            }

            WinogradPixels<Float32x4>.Copy(in e, rest);
            e.Output += Outputs * e.PixelStride;
            if (e.Residual != null)
                e.Residual += Outputs * e.ResidualPixelStride;
        }
    }

    /// <summary>
    /// Bᵀ of even pixels: rows (4, 8, -5, -10, 1, 2, 0), (0, -4, -12, -7, 3, 2, 0), (0, -4, -4, 9, 1, -2, 0), (0, -1, -5/2, 0, 5/2, 1, 0),
    /// (0, 1, 3/2, -2, -3/2, 1, 0), (0, 4, 8, -5, -10, 1, 2), (0, 4, 0, -5, 0, 1, 0); three roundings at most. The second row takes d₃ as 1 - 8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Even(float* d, nint next, float* to, Float32x4 four, Float32x4 minusFour, Float32x4 minusFive)
    {
        Float32x4 d1 = Float32x4.Load(d + next), d2 = Float32x4.Load(d + 2 * next), d3 = Float32x4.Load(d + 3 * next);
        Float32x4 d4 = Float32x4.Load(d + 4 * next), d5 = Float32x4.Load(d + 5 * next), two = Float32x4.Of(2), minusTwo = Float32x4.Of(-2);
        var q0 = Float32x4.FusedMultiplyAdd(four, Float32x4.Load(d), Float32x4.FusedMultiplyAdd(minusFive, d2, d4));
        var q1 = Float32x4.FusedMultiplyAdd(four, d1, Float32x4.FusedMultiplyAdd(minusFive, d3, d5));
        var q2 = Float32x4.FusedMultiplyAdd(four, d2, Float32x4.FusedMultiplyAdd(minusFive, d4, Float32x4.Load(d + 6 * next)));
        Float32x4 t1 = Float32x4.FusedMultiplyAdd(minusFour, d1, d3), t2 = Float32x4.FusedMultiplyAdd(minusFour, d2, d4);
        Float32x4 t3 = Float32x4.FusedMultiplyAdd(minusFour, d3, d5), s = d4 - d2;
        Float32x4.FusedMultiplyAdd(two, q1, q0).Store(to);
        Float32x4.FusedMultiplyAdd(Float32x4.Of(3), t2, Float32x4.FusedMultiplyAdd(two, t3, t1)).Store(to + Vectors);
        Float32x4.FusedMultiplyAdd(minusTwo, t3, t1 + t2).Store(to + 2 * Vectors);
        Float32x4.FusedMultiplyAdd(Float32x4.Of(2.5), s, d5 - d1).Store(to + 3 * Vectors);
        Float32x4.FusedMultiplyAdd(Float32x4.Of(-1.5), s, Float32x4.FusedMultiplyAdd(minusTwo, d3, d1 + d5)).Store(to + 4 * Vectors);
        Float32x4.FusedMultiplyAdd(two, q2, q1).Store(to + 5 * Vectors);
        q1.Store(to + 6 * Vectors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* from, float* to) =>
        Transpose4x4.Run((byte*)from, Lanes * sizeof(float), (byte*)to, Tiles * sizeof(float));
}

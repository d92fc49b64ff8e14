using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>F(4×4, 3×3) on the points 0, ±1, ±2, ∞ by AVX2: 36 products instead of 144.</summary>
/// <remarks>The inner loops are straight lines: 6 one-dimensional transforms down the columns into a small buffer, then along its rows.</remarks>
internal sealed unsafe class Winograd4x4 : WinogradTransform
{
    private const int Side = 6, Step = 8, Row = Side * Step;

    public override int Outputs => 4;

    /// <summary>The weight 1, inputs 2 for each dimension, outputs 3 for each dimension.</summary>
    public override int Roundings => 1 + 2 * 2 + 2 * 3;

    public override void Weights(ReadOnlySpan<Vector256<double>> taps, Span<Vector256<double>> products)
    {
        Span<Vector256<double>> columns = stackalloc Vector256<double>[3 * Side];
        for (int x = 0; x < 3; x++)
            FilterLine(taps[x], taps[3 + x], taps[6 + x], columns[(x * Side)..]);
        for (int y = 0; y < Side; y++)
            FilterLine(columns[y], columns[Side + y], columns[2 * Side + y], products[(y * Side)..]);
    }

    public override void Input(in WinogradBlock block)
    {
        for (int tile = 0; tile < block.Tiles; tile++)
            InputTile(block.Arena, block.Offsets + tile * Products, block.Channels, block.Transformed + tile * block.TilePitch, block.Pitch);
    }

    [SkipLocalsInit]
    private static void InputTile(byte* arena, uint* offsets, int channels, float* transformed, nint pitch)
    {
        float* buffer = stackalloc float[Side * Row];
        for (nint c = 0; c < channels; c += Step, transformed += Step)
        {
            for (int x = 0; x < Side; x++)
            {
                uint* column = offsets + x;
                InputLine(
                    Vector256.Load((float*)(arena + column[0]) + c), Vector256.Load((float*)(arena + column[Side]) + c),
                    Vector256.Load((float*)(arena + column[2 * Side]) + c), Vector256.Load((float*)(arena + column[3 * Side]) + c),
                    Vector256.Load((float*)(arena + column[4 * Side]) + c), Vector256.Load((float*)(arena + column[5 * Side]) + c),
                    buffer + x * Step, Row);
            }

            float* to = transformed;
            for (int y = 0; y < Side; y++, to += Side * pitch)
            {
                float* line = buffer + y * Row;
                InputLine(
                    Vector256.Load(line), Vector256.Load(line + Step), Vector256.Load(line + 2 * Step),
                    Vector256.Load(line + 3 * Step), Vector256.Load(line + 4 * Step), Vector256.Load(line + 5 * Step), to, pitch);
            }
        }
    }

    [SkipLocalsInit]
    public override void Output(float* products, nint pitch, in WinogradEpilogue epilogue)
    {
        var end = epilogue;
        float* buffer = stackalloc float[4 * Row];
        for (int lane = 0; lane < end.Count; lane += Step)
        {
            for (int x = 0; x < Side; x++)
            {
                float* m = products + x * pitch + lane;
                nint row = Side * pitch;
                var (y0, y1, y2, y3) = OutputLine(
                    Vector256.Load(m), Vector256.Load(m + row), Vector256.Load(m + 2 * row),
                    Vector256.Load(m + 3 * row), Vector256.Load(m + 4 * row), Vector256.Load(m + 5 * row));
                y0.Store(buffer + x * Step);
                y1.Store(buffer + Row + x * Step);
                y2.Store(buffer + 2 * Row + x * Step);
                y3.Store(buffer + 3 * Row + x * Step);
            }

            var bias = Vector256.Load(end.Bias + lane);
            for (int y = 0; y < end.Height; y++)
            {
                float* line = buffer + y * Row;
                var (x0, x1, x2, x3) = OutputLine(
                    Vector256.Load(line), Vector256.Load(line + Step), Vector256.Load(line + 2 * Step),
                    Vector256.Load(line + 3 * Step), Vector256.Load(line + 4 * Step), Vector256.Load(line + 5 * Step));
                end.Store(x0 + bias, y, 0, lane);
                end.Store(x1 + bias, y, 1, lane);
                end.Store(x2 + bias, y, 2, lane);
                end.Store(x3 + bias, y, 3, lane);
            }
        }
    }

    /// <summary>G: rows (1/4, 0, 0), (-1/6)(1, ±1, 1), (1/24)(1, ±2, 4), (0, 0, 1).</summary>
    private static void FilterLine(Vector256<double> g0, Vector256<double> g1, Vector256<double> g2, Span<Vector256<double>> u)
    {
        // Multiplied, not divided: the last bit of a double is lost in the rounding to float, and time counts while a model is loaded.
        Vector256<double> outer = (g0 + g2) * (-1 / 6.0), inner = g1 * (-1 / 6.0), far = g0 * (1 / 24.0) + g2 * (1 / 6.0), near = g1 * (1 / 12.0);
        u[0] = g0 * 0.25;
        u[1] = outer + inner;
        u[2] = outer - inner;
        u[3] = far + near;
        u[4] = far - near;
        u[5] = g2;
    }

    /// <summary>Bᵀ: rows (4, 0, -5, 0, 1, 0), (0, ∓4, -4, ±1, 1, 0), (0, ∓2, -1, ±2, 1, 0), (0, 4, 0, -5, 0, 1); two roundings each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine(
        Vector256<float> d0, Vector256<float> d1, Vector256<float> d2, Vector256<float> d3, Vector256<float> d4,
        Vector256<float> d5, float* to, nint pitch)
    {
        Vector256<float> four = Vector256.Create(4f), five = Vector256.Create(5f);
        Vector256<float> evenFour = Fma.MultiplyAddNegated(four, d2, d4), oddFour = Fma.MultiplyAddNegated(four, d1, d3);
        Vector256<float> even = d4 - d2, odd = d3 - d1, oddTwo = odd + odd;
        Fma.MultiplyAdd(four, d0, Fma.MultiplyAddNegated(five, d2, d4)).Store(to);
        (evenFour + oddFour).Store(to + pitch);
        (evenFour - oddFour).Store(to + 2 * pitch);
        (even + oddTwo).Store(to + 3 * pitch);
        (even - oddTwo).Store(to + 4 * pitch);
        Fma.MultiplyAdd(four, d1, Fma.MultiplyAddNegated(five, d3, d5)).Store(to + 5 * pitch);
    }

    /// <summary>Aᵀ: rows (1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1); three roundings at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Y0, Vector256<float> Y1, Vector256<float> Y2, Vector256<float> Y3) OutputLine(
        Vector256<float> m0, Vector256<float> m1, Vector256<float> m2, Vector256<float> m3, Vector256<float> m4, Vector256<float> m5)
    {
        Vector256<float> sum = m1 + m2, difference = m1 - m2, farSum = m3 + m4, farDifference = m3 - m4;
        return (
            m0 + sum + farSum,
            Fma.MultiplyAdd(Vector256.Create(2f), farDifference, difference),
            Fma.MultiplyAdd(Vector256.Create(4f), farSum, sum),
            Fma.MultiplyAdd(Vector256.Create(8f), farDifference, difference) + m5);
    }
}

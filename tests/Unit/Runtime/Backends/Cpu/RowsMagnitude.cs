using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>
/// What the error bound of Winograd's method along rows is measured in, from the matrices in its definition: |Aᵀ|Σ(|G g| ⊙ |Bᵀ||d|) of every output
/// element. Columns of Aᵀ and rows of G and Bᵀ are of the points 0, 1, -1, 2, -2, ∞ and, of even pixels alone, -1/2.
/// </summary>
internal sealed class RowsMagnitude(ConvFp32Problem problem, TestArena arena)
{
    private const int Outputs = 4, Taps = 7, Points = 7;

    private static readonly double[,] Output =
    {
        { 1, 1, 1, 1, 1, 0, 8 }, { 0, 1, 1, 2, 2, 0, 4 }, { 0, 1, 1, 4, 4, 0, 2 }, { 0, 1, 1, 8, 8, 1, 1 },
    };

    private static readonly double[,] EvenWeights =
    {
        { 1 / 4.0, 0, 0, 0 }, { -1 / 18.0, -1 / 18.0, -1 / 18.0, -1 / 18.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0, 1 / 6.0 },
        { 1 / 60.0, 1 / 30.0, 1 / 15.0, 2 / 15.0 }, { -1 / 36.0, 1 / 18.0, -1 / 9.0, 2 / 9.0 }, { 0, 0, 0, 1 / 2.0 },
        { -4 / 45.0, 2 / 45.0, -1 / 45.0, 1 / 90.0 },
    };

    private static readonly double[,] OddWeights =
    {
        { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
        { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 },
    };

    // Magnitudes; the third pixel enters the second row twice, as 1 and as -8.
    private static readonly double[,] EvenInput =
    {
        { 4, 8, 5, 10, 1, 2, 0 }, { 0, 4, 12, 9, 3, 2, 0 }, { 0, 4, 4, 9, 1, 2, 0 }, { 0, 1, 2.5, 0, 2.5, 1, 0 }, { 0, 1, 1.5, 2, 1.5, 1, 0 },
        { 0, 4, 8, 5, 10, 1, 2 }, { 0, 4, 0, 5, 0, 1, 0 },
    };

    private static readonly double[,] OddInput =
    {
        { 4, 0, 5, 0, 1, 0 }, { 0, 4, 4, 1, 1, 0 }, { 0, 4, 4, 1, 1, 0 }, { 0, 2, 1, 2, 1, 0 }, { 0, 2, 1, 2, 1, 0 }, { 0, 4, 0, 5, 0, 1 },
    };

    public double Of(int image, int y, int x, int n)
    {
        var s = problem.Shape;
        double[] sums = new double[Points];
        for (int ky = 0; ky < s.KernelHeight; ky++)
        {
            for (int c = 0; c < s.InputChannels; c++)
            {
                var filter = problem.Weights.Span.Slice(((n * s.InputChannels + c) * s.KernelHeight + ky) * Taps, Taps);
                int row = y * s.StrideHeight + ky - s.PadTop, first = 2 * (x / Outputs * Outputs) - s.PadLeft;
                for (int p = 0; p < Points; p++)
                {
                    sums[p] += Math.Abs(Row(EvenWeights, p, filter, 0)) * Row(EvenInput, p, image, row, first, c);
                    if (p < Points - 1)
                        sums[p] += Math.Abs(Row(OddWeights, p, filter, 1)) * Row(OddInput, p, image, row, first + 1, c);
                }
            }
        }

        double sum = 0;
        for (int p = 0; p < Points; p++)
            sum += Output[x % Outputs, p] * sums[p];
        return sum;
    }

    private static double Row(double[,] matrix, int row, ReadOnlySpan<float> taps, int phase)
    {
        double sum = 0;
        for (int i = 0; i < matrix.GetLength(1); i++)
            sum += matrix[row, i] * taps[2 * i + phase];
        return sum;
    }

    private double Row(double[,] matrix, int row, int image, int y, int x, int channel)
    {
        double sum = 0;
        for (int i = 0; i < matrix.GetLength(1); i++)
            sum += matrix[row, i] * Pixel(image, y, x + 2 * i, channel);
        return sum;
    }

    private unsafe double Pixel(int image, int y, int x, int channel)
    {
        if ((uint)y >= (uint)problem.Shape.InputHeight || (uint)x >= (uint)problem.Shape.InputWidth)
            return 0;
        return Math.Abs(((float*)RandomConv.Pixel(arena, problem.Input, image, y, x))[channel]);
    }
}

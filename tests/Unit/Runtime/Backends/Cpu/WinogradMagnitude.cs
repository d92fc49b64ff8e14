using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

/// <summary>
/// What the error bound of Winograd's method is measured in, from the matrices in its definition:
/// |Aᵀ|[Σ |G g Gᵀ| ⊙ (|Bᵀ||d||B|)]|A| of every output element.
/// </summary>
internal sealed unsafe class WinogradMagnitude
{
    private const double Root2 = 1.4142135623730951;

    private static readonly double[,] Input4 =
    {
        { 4, 0, -5, 0, 1, 0 }, { 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 }, { 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
    };

    private static readonly double[,] Weights4 =
    {
        { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
        { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 },
    };

    private static readonly double[,] Output4 = { { 1, 1, 1, 1, 1, 0 }, { 0, 1, -1, 2, -2, 0 }, { 0, 1, 1, 4, 4, 0 }, { 0, 1, -1, 8, -8, 1 } };

    private static readonly double[,] Input2 = { { 1, 0, -1, 0 }, { 0, 1, 1, 0 }, { 0, -1, 1, 0 }, { 0, 1, 0, -1 } };

    private static readonly double[,] Weights2 = { { 1, 0, 0 }, { 0.5, 0.5, 0.5 }, { 0.5, -0.5, 0.5 }, { 0, 0, 1 } };

    private static readonly double[,] Output2 = { { 1, 1, 1, 0 }, { 0, 1, -1, -1 } };

    private static readonly double[,] HalfInput4 =
    {
        { 1, 0, -2.5, 0, 1, 0 }, { 0, -Root2, -2, Root2 / 2, 1, 0 }, { 0, Root2, -2, -Root2 / 2, 1, 0 }, { 0, -Root2 / 2, -0.5, Root2, 1, 0 },
        { 0, Root2 / 2, -0.5, -Root2, 1, 0 }, { 0, 1, 0, -2.5, 0, 1 },
    };

    private static readonly double[,] HalfWeights4 =
    {
        { 1, 0, 0 }, { -2 / 3.0, -Root2 / 3, -1 / 3.0 }, { -2 / 3.0, Root2 / 3, -1 / 3.0 },
        { 1 / 6.0, Root2 / 6, 1 / 3.0 }, { 1 / 6.0, -Root2 / 6, 1 / 3.0 }, { 0, 0, 1 },
    };

    private static readonly double[,] HalfOutput4 =
    {
        { 1, 1, 1, 1, 1, 0 }, { 0, Root2 / 2, -Root2 / 2, Root2, -Root2, 0 }, { 0, 0.5, 0.5, 2, 2, 0 },
        { 0, Root2 / 4, -Root2 / 4, 2 * Root2, -2 * Root2, 1 },
    };

    private readonly ConvFloatProblem _problem;
    private readonly double[] _magnitude; // [image][y][x][n]

    /// <summary>In half precision tiles of 4×4 outputs have points of their own.</summary>
    public WinogradMagnitude(ConvFloatProblem problem, int outputs, TestArena arena)
    {
        (_problem, Outputs) = (problem, outputs);
        var s = problem.Shape;
        var (b, g, a) = outputs == 4
            ? IsHalf ? (HalfInput4, HalfWeights4, HalfOutput4) : (Input4, Weights4, Output4) : (Input2, Weights2, Output2);
        _magnitude = new double[s.Pixels * s.OutputChannels];
        var weights = new double[s.OutputChannels * s.InputChannels][,];
        for (int i = 0; i < weights.Length; i++)
        {
            int pair = i;
            weights[i] = Absolute(Sandwich(g, (y, x) => problem.Weights.Span[pair * 9 + y * 3 + x]));
        }

        for (int image = 0; image < s.Batch; image++)
        {
            foreach (int y in Firsts(s.OutputHeight, s.DilationHeight))
            {
                foreach (int x in Firsts(s.OutputWidth, s.DilationWidth))
                    Tile(arena, image, y, x, Absolute(b), weights, Absolute(a));
            }
        }
    }

    public int Outputs { get; }

    private bool IsHalf => _problem is ConvFp16Problem;

    public double Of(int image, int y, int x, int n) =>
        _magnitude[((image * _problem.Shape.OutputHeight + y) * _problem.Shape.OutputWidth + x) * _problem.Shape.OutputChannels + n];

    private void Tile(TestArena arena, int image, int top, int left, double[,] b, double[][,] weights, double[,] a)
    {
        var s = _problem.Shape;
        int side = b.GetLength(0);
        var inputs = new double[s.InputChannels][,];
        for (int c = 0; c < s.InputChannels; c++)
        {
            int channel = c;
            inputs[c] = Sandwich(
                b, (y, x) => Pixel(arena, image, top + y * s.DilationHeight - s.PadTop, left + x * s.DilationWidth - s.PadLeft, channel));
        }

        for (int n = 0; n < s.OutputChannels; n++)
        {
            var sum = new double[side, side];
            for (int c = 0; c < s.InputChannels; c++)
            {
                for (int i = 0; i < side * side; i++)
                    sum[i / side, i % side] += weights[n * s.InputChannels + c][i / side, i % side] * inputs[c][i / side, i % side];
            }

            double[,] outputs = Sandwich(a, (y, x) => sum[y, x]);
            for (int i = 0, y = top; i < Outputs && y < s.OutputHeight; i++, y += s.DilationHeight)
            {
                for (int j = 0, x = left; j < Outputs && x < s.OutputWidth; j++, x += s.DilationWidth)
                    _magnitude[((image * s.OutputHeight + y) * s.OutputWidth + x) * s.OutputChannels + n] = outputs[i, j];
            }
        }
    }

    // Of the tiles of every dilation-th place, from each of the first ones on.
    private IEnumerable<int> Firsts(int size, int dilation) =>
        from first in Enumerable.Range(0, dilation)
        from i in Enumerable.Range(0, size)
        let place = first + i * Outputs * dilation
        where place < size
        select place;

    private double Pixel(TestArena arena, int image, int y, int x, int channel)
    {
        if ((uint)y >= (uint)_problem.Shape.InputHeight || (uint)x >= (uint)_problem.Shape.InputWidth)
            return 0;
        byte* pixel = RandomConv.Pixel(arena, _problem.Input, image, y, x);
        return Math.Abs(IsHalf ? (double)((Half*)pixel)[channel] : ((float*)pixel)[channel]);
    }

    /// <summary>m v mᵀ.</summary>
    private static double[,] Sandwich(double[,] m, Func<int, int, double> v)
    {
        int rows = m.GetLength(0), columns = m.GetLength(1);
        var half = new double[rows, columns];
        var result = new double[rows, rows];
        for (int i = 0; i < rows; i++)
        {
            for (int x = 0; x < columns; x++)
            {
                for (int y = 0; y < columns; y++)
                    half[i, x] += m[i, y] * v(y, x);
            }
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                for (int x = 0; x < columns; x++)
                    result[i, j] += half[i, x] * m[j, x];
            }
        }

        return result;
    }

    private static double[,] Absolute(double[,] m)
    {
        var result = (double[,])m.Clone();
        for (int i = 0; i < m.Length; i++)
            result[i / m.GetLength(1), i % m.GetLength(1)] = Math.Abs(m[i / m.GetLength(1), i % m.GetLength(1)]);
        return result;
    }
}

namespace ResNetEdge.Preprocess;

/// <summary>
/// Weights of a bilinear resize with antialias along one axis, in fixed point: output i is
/// (half + Σ weight[i][k] · input[First[i] + k]) >> <see cref="Precision"/>, k below Count[i]. A triangle filter as wide as the reduction.
/// </summary>
/// <remarks>
/// The reference is Pillow's Image.resize with BILINEAR on 8 bit pictures, whose results are met bit for bit: weights are computed and
/// normalised in float64 in the same order, then rounded to <see cref="Precision"/> bits. None is negative, so a sum stays below 2³¹.
/// The arrays grow and are used again.
/// </remarks>
internal sealed class ResizeWeights
{
    /// <summary>Fraction bits of a weight: 32, less 8 for the pixel, less 2 for the sum.</summary>
    public const int Precision = 22;

    /// <summary>What a sum begins with, so that the shift rounds to nearest.</summary>
    public const int Half = 1 << (Precision - 1);

    /// <summary>Weights per output are padded with zeros to a multiple of this.</summary>
    public const int Multiple = 8;

    private (int Input, int Output, int Start, int Length) _built;
    private double[] _exact = [];

    /// <summary>First input of output i. [Length]</summary>
    public int[] First { get; private set; } = [];

    /// <summary>Number of inputs of output i. [Length]</summary>
    public int[] Count { get; private set; } = [];

    /// <summary>[Length][Stride], zeros after the first Count.</summary>
    public int[] Weights { get; private set; } = [];

    /// <summary>Weights per output, with padding.</summary>
    public int Stride { get; private set; }

    /// <summary>True when the size does not change: every output is its input.</summary>
    public bool IsIdentity { get; private set; }

    /// <summary>Computes the weights of a window of the output; nothing when they are those of the last call.</summary>
    /// <param name="input">Size of the input axis, in pixels.</param>
    /// <param name="output">Size of the whole output axis, in pixels.</param>
    /// <param name="start">First output wanted.</param>
    /// <param name="length">Number of outputs wanted; index 0 of the arrays is output <paramref name="start"/>.</param>
    public void Build(int input, int output, int start, int length)
    {
        if (_built == (input, output, start, length))
        {
            return;
        }

        _built = (input, output, start, length);
        IsIdentity = input == output;
        double scale = (double)input / output;
        double support = Math.Max(scale, 1.0); // half the triangle's width, in input pixels
        int taps = ((int)Math.Ceiling(support) * 2) + 1;
        Stride = (taps + Multiple - 1) / Multiple * Multiple;
        Grow(length, taps);
        Array.Clear(Weights, 0, length * Stride);
        for (int i = 0; i < length; i++)
        {
            if (IsIdentity)
            {
                (First[i], Count[i], Weights[i * Stride]) = (start + i, 1, 1 << Precision);
            }
            else
            {
                BuildOutput(i, (start + i + 0.5) * scale, support, input);
            }
        }
    }

    private void BuildOutput(int i, double center, double support, int input)
    {
        int first = Math.Max((int)(center - support + 0.5), 0);
        int count = Math.Min((int)(center + support + 0.5), input) - first;
        double perPixel = 1.0 / support;
        double sum = 0;
        for (int k = 0; k < count; k++)
        {
            double distance = Math.Abs((k + first - center + 0.5) * perPixel);
            _exact[k] = distance < 1.0 ? 1.0 - distance : 0.0;
            sum += _exact[k];
        }

        for (int k = 0; k < count; k++)
        {
            double share = sum != 0 ? _exact[k] / sum : _exact[k];
            Weights[(i * Stride) + k] = (int)(0.5 + (share * (1 << Precision)));
        }

        (First[i], Count[i]) = (first, count);
    }

    private void Grow(int length, int taps)
    {
        if (First.Length < length)
        {
            (First, Count) = (new int[length], new int[length]);
        }

        if (Weights.Length < (long)length * Stride)
        {
            Weights = new int[length * Stride];
        }

        if (_exact.Length < taps)
        {
            _exact = new double[taps];
        }
    }
}

using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Convolution in float32, products and sums rounded one by one in the order tap, channel. Every fp32 kernel differs from the
/// exact value by no more than <see cref="ErrorBound"/>, whatever its order of summation and whether it uses FMA.
/// </summary>
internal sealed unsafe class ConvFp32Reference : PreparedKernel
{
    private readonly ConvFp32Problem _problem;
    private readonly TapReader _taps;

    public ConvFp32Reference(ConvFp32Problem problem)
    {
        _problem = problem with { Weights = problem.Weights.ToArray() }; // Read at run time, when the model's file may be gone.
        _taps = new TapReader(problem.Shape, problem.Input, problem.PaddingOffset);
    }

    public override string Name => nameof(ConvFp32Reference);

    /// <summary>
    /// Bound of |computed - exact|: γ(depth + 2)·(|bias| + |residual| + Σ|x·w|), γ(n) = n·u / (1 - n·u), u = 2⁻²⁴
    /// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1; holds for any order).
    /// </summary>
    /// <param name="depth">Products in the sum.</param>
    /// <param name="magnitude">|bias| + |residual| + Σ|x·w|.</param>
    public static double ErrorBound(int depth, double magnitude)
    {
        double n = (depth + 2) * Math.ScaleB(1, -24);
        return n / (1 - n) * magnitude;
    }

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_problem.Shape.Pixels, part, parts);
        for (int pixel = start; pixel < end; pixel++)
        {
            for (int n = 0; n < _problem.Shape.OutputChannels; n++)
                Finish(arena, pixel, n, Sum(arena, pixel, n));
        }
    }

    private float Sum(byte* arena, int pixel, int n)
    {
        var s = _problem.Shape;
        var weights = _problem.Weights.Span.Slice(n * s.Depth, s.Depth);
        int firstChannel = n / s.GroupOutputChannels * s.GroupInputChannels;
        float sum = _problem.Bias[n];
        for (int tapY = 0; tapY < s.KernelLines; tapY++)
        {
            for (int tapX = 0; tapX < s.KernelWidth; tapX++)
            {
                float* x = (float*)(arena + _taps.Offset(pixel, tapY, tapX)) + firstChannel;
                int tap = tapY * s.KernelWidth + tapX;
                for (int c = 0; c < s.GroupInputChannels; c++)
                    sum += x[c] * weights[c * s.Taps + tap];
            }
        }

        return sum;
    }

    private void Finish(byte* arena, int pixel, int n, float f)
    {
        var p = _problem;
        if (p.Residual is { } residual)
            f += ((float*)(arena + residual.Offset + (long)pixel * residual.PixelStride))[n];
        ((float*)(arena + p.Output.Offset + (long)pixel * p.Output.PixelStride))[n] = Requantize.Clamp(f, p.Low, p.High);
    }
}

using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp16;

/// <summary>
/// Convolution of float16: products exact in float32, sums in float32 in the order tap, channel, then bias, residual and clamp, and one rounding to
/// float16. Every kernel differs from the exact value by no more than <see cref="ErrorBound"/>.
/// </summary>
internal sealed unsafe class ConvFp16Reference : PreparedKernel
{
    private readonly ConvFp16Problem _problem;
    private readonly Half[] _weights; // [outputChannels][groupInputChannels][taps]
    private readonly TapReader _taps;

    public ConvFp16Reference(ConvFp16Problem problem)
    {
        _problem = problem with { Weights = default }; // The model's file may be gone when it runs.
        _weights = new Half[problem.Weights.Length];
        HalfNumbers.Narrow(problem.Weights.Span, _weights);
        _taps = new TapReader(problem.Shape, problem.Input, problem.PaddingOffset);
    }

    public override string Name => nameof(ConvFp16Reference);

    public override long PackedBytes => (long)_weights.Length * sizeof(Half);

    /// <summary>
    /// Bound of |computed - exact|: that of float32 sums (<see cref="ConvFp32Reference.ErrorBound"/>), of at most <paramref name="chain"/> additions
    /// in float16 before each of them, and of the last rounding, to half a step of the result or of the smallest float16.
    /// </summary>
    /// <param name="depth">Products in the sum.</param>
    /// <param name="magnitude">|bias| + |residual| + Σ|x·w|.</param>
    /// <param name="exact">The exact result.</param>
    /// <param name="chain">Additions and products in a row that a kernel rounds to float16; 0 for the reference.</param>
    public static double ErrorBound(int depth, double magnitude, double exact, int chain = 0)
    {
        double unit = Math.ScaleB(1, -11), n = chain * unit;
        double sums = ConvFp32Reference.ErrorBound(depth, magnitude) + n / (1 - n) * magnitude;
        // A product of halves below 2⁻¹⁴ is rounded to a multiple of 2⁻²⁴.
        if (chain > 0) sums += depth * Math.ScaleB(1, -25);
        return sums + Math.Max(unit * (Math.Abs(exact) + sums), Math.ScaleB(1, -25));
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
        var weights = _weights.AsSpan(n * s.Depth, s.Depth);
        int firstChannel = n / s.GroupOutputChannels * s.GroupInputChannels;
        float sum = 0;
        for (int tapY = 0; tapY < s.KernelLines; tapY++)
        {
            for (int tapX = 0; tapX < s.KernelWidth; tapX++)
            {
                Half* x = (Half*)(arena + _taps.Offset(pixel, tapY, tapX)) + firstChannel;
                int tap = tapY * s.KernelWidth + tapX;
                for (int c = 0; c < s.GroupInputChannels; c++)
                    sum += (float)x[c] * (float)weights[c * s.Taps + tap];
            }
        }

        return sum + _problem.Bias[n];
    }

    private void Finish(byte* arena, int pixel, int n, float f)
    {
        var p = _problem;
        if (p.Residual is { } residual)
            f += (float)((Half*)(arena + residual.Offset + (long)pixel * residual.PixelStride))[n];
        ((Half*)(arena + p.Output.Offset + (long)pixel * p.Output.PixelStride))[n] = (Half)Requantize.Clamp(f, p.Low, p.High);
    }
}

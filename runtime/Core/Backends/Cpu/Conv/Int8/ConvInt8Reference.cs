using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>Convolution, u8 activations × s8 weights: the definition (docs/int8-arithmetic.md) that every faster kernel equals bit for bit.</summary>
internal sealed unsafe class ConvInt8Reference : PreparedKernel
{
    private readonly ConvInt8Problem _problem;
    private readonly TapReader _taps;

    public ConvInt8Reference(ConvInt8Problem problem)
    {
        _problem = problem with { Weights = problem.Weights.ToArray() }; // Read at run time, when the model's file may be gone.
        _taps = new TapReader(problem.Shape, problem.Input, problem.PaddingOffset);
    }

    public override string Name => nameof(ConvInt8Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(_problem.Shape.Pixels, part, parts);
        for (int pixel = start; pixel < end; pixel++)
        {
            for (int n = 0; n < _problem.Shape.OutputChannels; n++)
                Finish(arena, pixel, n, Sum(arena, pixel, n));
        }
    }

    /// <summary>bias + Σ (x - inputZeroPoint)·w over taps and the group's channels; exact in 32 bits.</summary>
    private int Sum(byte* arena, int pixel, int n)
    {
        var s = _problem.Shape;
        var weights = _problem.Weights.Span.Slice(n * s.Depth, s.Depth);
        int firstChannel = n / s.GroupOutputChannels * s.GroupInputChannels;
        int sum = _problem.Bias[n];
        for (int tapY = 0; tapY < s.KernelLines; tapY++)
        {
            for (int tapX = 0; tapX < s.KernelWidth; tapX++)
            {
                byte* x = arena + _taps.Offset(pixel, tapY, tapX) + firstChannel;
                int tap = tapY * s.KernelWidth + tapX;
                for (int c = 0; c < s.GroupInputChannels; c++)
                    sum += (x[c] - _problem.InputZeroPoint) * weights[c * s.Taps + tap];
            }
        }

        return sum;
    }

    private void Finish(byte* arena, int pixel, int n, int sum)
    {
        var p = _problem;
        float f = p.Branch is { } branch
            ? Requantize.Branch(sum, p.Multiplier[n], branch.Low, branch.High, branch.Scale)
            : (float)sum * p.Multiplier[n];
        if (p.Residual is { } residual)
            f = Requantize.AddResidual(
                f, arena[residual.Placement.Offset + (long)pixel * residual.Placement.PixelStride + n], residual.ZeroPoint, residual.Scale);
        byte* output = arena + p.Output.Offset + (long)pixel * p.Output.PixelStride;
        if (p.FloatOutput)
            ((float*)output)[n] = Requantize.Clamp(f, p.FloatLow, p.FloatHigh);
        else
            output[n] = Requantize.ToUInt8(f, p.OutputZeroPoint, p.Low, p.High);
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>Everything that the convolution kernels take for granted, checked in one place when a model is loaded.</summary>
internal static class ConvChecks
{
    /// <summary>Longest run of padding bytes that any kernel reads.</summary>
    public static int PaddingBytes(ConvShape shape, int elementSize) => shape.InputChannels * elementSize + Placement.ReadSlack;

    /// <exception cref="EdgeException">Exit 3: weights, bias or scales with which the arithmetic
    /// would not be exact; names the channel and the value.</exception>
    /// <exception cref="ArgumentException">The plan is wrong.</exception>
    public static void Check(ConvInt8Problem p)
    {
        var s = p.Shape;
        CheckShape(s, p.Weights.Length, p.Bias.Length);
        CheckPlacements(s, p.Input, 1, p.PaddingOffset, p.Output, p.FloatOutput ? 4 : 1);
        if (p.Multiplier.Length != s.OutputChannels)
            throw new ArgumentException($"{p.Multiplier.Length} multipliers for {s.OutputChannels} output channels");
        if (p.Low > p.High || !(p.FloatLow <= p.FloatHigh))
            throw new ArgumentException("the lower clamp lies above the upper one");
        if (p.Residual is { } residual)
        {
            residual.Placement.CheckDense("residual", OutputOf(s), 1);
            if (!float.IsFinite(residual.Scale) || residual.Scale <= 0)
                throw EdgeException.BadInput($"the scale ratio of the shortcut is {residual.Scale}; it must be finite and positive");
        }

        if (p.Branch is { } branch)
        {
            if (p.Residual is null || !(branch.Low <= branch.High))
                throw new ArgumentException("a branch needs a residual to be added to it, and a range");
            if (!float.IsFinite(branch.Scale) || branch.Scale <= 0)
                throw EdgeException.BadInput($"the scale ratio before the residual is added is {branch.Scale}; it must be finite and positive");
        }

        var weights = p.Weights.Span;
        double shortcut = p.Residual is null ? 0 : 255.0 * p.Residual.Scale;
        for (int n = 0; n < s.OutputChannels; n++)
        {
            float multiplier = p.Multiplier[n];
            if (!float.IsFinite(multiplier) || multiplier <= 0)
                throw EdgeException.BadInput($"the multiplier of output channel {n} is {multiplier}; it must be finite and positive");
            long magnitude = WeightMagnitude.Of(weights.Slice(n * s.Depth, s.Depth));
            // |x - zero point| is at most 255. Partial sums and the folded bias may wrap: sums modulo 2^32 end at the same number.
            long accumulator = 255 * magnitude + Math.Abs((long)p.Bias[n]);
            if (accumulator > int.MaxValue)
                throw EdgeException.BadInput(
                    $"the sum of output channel {n} can reach {accumulator}, beyond the {int.MaxValue} of a 32-bit accumulator");
            double product = accumulator * (double)multiplier, largest = (p.Branch is null ? product : 255.0 * p.Branch.Scale) + shortcut;
            if (largest >= Requantize.Limit * (1 - 1e-6) && !p.FloatOutput)
                throw EdgeException.BadInput(
                    $"output channel {n} can reach {largest:G4} steps of its scale, beyond 2^31; the output scale is too small");
            if (!float.IsFinite((float)product) || !float.IsFinite((float)largest))
                throw EdgeException.BadInput($"output channel {n} can reach {Math.Max(product, largest):G4}, beyond float32");
        }
    }

    /// <exception cref="EdgeException">Exit 3: a weight or bias that is not finite; names the channel and the value.</exception>
    /// <exception cref="ArgumentException">The plan is wrong.</exception>
    public static void Check(ConvFloatProblem p)
    {
        var s = p.Shape;
        CheckShape(s, p.Weights.Length, p.Bias.Length);
        CheckPlacements(s, p.Input, p.ElementSize, p.PaddingOffset, p.Output, p.ElementSize);
        p.Residual?.CheckDense("residual", OutputOf(s), p.ElementSize);
        if (!(p.Low <= p.High))
            throw new ArgumentException("the lower clamp lies above the upper one");
        var weights = p.Weights.Span;
        for (int n = 0; n < s.OutputChannels; n++)
        {
            if (!float.IsFinite(p.Bias[n]))
                throw EdgeException.BadInput($"the bias of output channel {n} is {p.Bias[n]}; it must be finite");
            var row = weights.Slice(n * s.Depth, s.Depth);
            if (FiniteFloats.FirstBad(row) is >= 0 and var bad)
                throw EdgeException.BadInput($"a weight of output channel {n} is {row[bad]}; weights must be finite");
        }
    }

    /// <summary>Sizes of the output.</summary>
    public static NhwcShape OutputOf(ConvShape s) => new(s.Batch, s.OutputDepth * s.OutputHeight, s.OutputWidth, s.OutputChannels);

    /// <summary>Sizes of the input.</summary>
    public static NhwcShape InputOf(ConvShape s) => new(s.Batch, s.InputDepth * s.InputHeight, s.InputWidth, s.InputChannels);

    private static void CheckShape(ConvShape s, int weights, int biases)
    {
        if (s.Batch < 1 || s.Groups < 1 || s.InputChannels % s.Groups != 0 || s.OutputChannels % s.Groups != 0)
            throw new ArgumentException($"{s}: channels do not divide into {s.Groups} groups");
        if (s.KernelHeight < 1 || s.KernelWidth < 1 || s.StrideHeight < 1 || s.StrideWidth < 1 || s.DilationHeight < 1 || s.DilationWidth < 1)
            throw new ArgumentException($"{s}: kernel, stride and dilation must be positive");
        if (s.KernelDepth < 1 || s.StrideDepth < 1 || s.DilationDepth < 1 || s.PadFront < 0 || s.PadBack < 0 || s.OutputDepth < 1)
            throw new ArgumentException($"{s}: the kernel does not fit into the padded stack of pictures");
        if (s.PadTop < 0 || s.PadLeft < 0 || s.PadBottom < 0 || s.PadRight < 0 || s.OutputHeight < 1 || s.OutputWidth < 1)
            throw new ArgumentException($"{s}: the kernel does not fit into the padded picture");
        int height = s.OutputDepth * s.OutputHeight;
        ModelBounds.CheckBytes($"the table of a convolution of {s.KernelLines}x{s.KernelWidth} over {height}x{s.OutputWidth} pixels",
            (long)s.Pixels * s.Taps * sizeof(uint));
        if ((long)s.Depth * s.OutputChannels != weights || s.OutputChannels != biases)
            throw new ArgumentException($"{s}: {weights} weights and {biases} biases do not fit");
    }

    private static void CheckPlacements(ConvShape s, Placement input, int inputSize, long padding, Placement output, int outputSize)
    {
        input.Check("input", InputOf(s), inputSize);
        output.CheckDense("output", OutputOf(s), outputSize);
        if (padding < 0 || padding % inputSize != 0)
            throw new ArgumentException($"{s}: the padding lies at {padding}");
    }
}

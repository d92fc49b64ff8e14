using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// A convolution to few channels, such as a picture's three, leaves most lanes of a panel idle. Some pixels that follow each other in a row are as many
/// times the channels of one wide pixel, made by a wider kernel at a larger stride: the same bytes of output, more of the lanes at work.
/// </summary>
/// <remarks>
/// 9×9 to 3 channels: four pixels are 12 of 16 lanes with 9×12 taps instead of 3 lanes with four times 9×9. The taps that a pixel does not have are
/// zeros, so that a NaN or an infinity reaches all pixels of a group.
/// </remarks>
internal static class PixelGroups
{
    private const int MostPixels = 16, Lanes = 16;

    /// <summary>Pixels of a group that need the least work; 1 where the convolution stays as it is.</summary>
    public static int Of(ConvFp32Problem problem)
    {
        var s = problem.Shape;
        int pixel = s.OutputChannels * sizeof(float);
        if (s.Groups != 1 || s.DilationWidth != 1 || s.OutputChannels * 2 > Lanes || problem.Output.PixelStride != pixel
            || problem.Residual is { } residual && residual.PixelStride != pixel)
            return 1;
        int best = 1;
        for (int pixels = 2; pixels <= MostPixels; pixels++)
            if (s.OutputWidth % pixels == 0 && Work(s, pixels) < Work(s, best)) best = pixels;
        return best;
    }

    /// <summary>The same convolution in groups of pixels.</summary>
    public static ConvFp32Problem Widen(ConvFp32Problem problem, int pixels)
    {
        var s = problem.Shape;
        int width = Width(s, pixels), columns = s.OutputWidth / pixels;
        var shape = s with
        {
            OutputChannels = s.OutputChannels * pixels,
            KernelWidth = width,
            StrideWidth = s.StrideWidth * pixels,
            PadRight = Math.Max(0, (columns - 1) * s.StrideWidth * pixels + width - s.InputWidth - s.PadLeft),
        };
        var from = problem.Weights.Span;
        float[] weights = new float[shape.OutputChannels * shape.Depth], bias = new float[shape.OutputChannels];
        int lines = s.InputChannels * s.KernelLines;
        for (int output = 0; output < bias.Length; output++)
        {
            var (pixel, channel) = Math.DivRem(output, s.OutputChannels);
            bias[output] = problem.Bias[channel];
            for (int line = 0; line < lines; line++)
                from.Slice((channel * lines + line) * s.KernelWidth, s.KernelWidth)
                    .CopyTo(weights.AsSpan((output * lines + line) * width + pixel * s.StrideWidth));
        }

        return problem with
        {
            Shape = shape,
            Weights = weights,
            Bias = bias,
            Output = Widen(problem.Output, pixels),
            Residual = problem.Residual is { } residual ? Widen(residual, pixels) : null,
        };
    }

    private static Placement Widen(Placement placement, int pixels) => placement with { PixelStride = placement.PixelStride * pixels };

    private static int Width(ConvShape s, int pixels) => s.KernelWidth + (pixels - 1) * s.StrideWidth;

    /// <summary>Taps times lanes for each pixel.</summary>
    private static double Work(ConvShape s, int pixels) =>
        (double)Width(s, pixels) * ((s.OutputChannels * pixels + Lanes - 1) / Lanes * Lanes) / pixels;
}

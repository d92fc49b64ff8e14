namespace ResNetEdge.Exporter.Hiding;

/// <summary>A convolution found by least squares: square kernel, padding that keeps the middle tap on its pixel.</summary>
/// <param name="Weights">[Outputs][Inputs / Groups][Kernel][Kernel].</param>
/// <param name="Bias">[Outputs].</param>
/// <param name="Shape">Kernel, stride, padding and groups.</param>
internal sealed record FittedConv(float[] Weights, float[] Bias, FittedShape Shape);

/// <summary>Geometry of a fitted convolution.</summary>
/// <param name="Inputs">Channels read.</param>
/// <param name="Outputs">Channels written.</param>
/// <param name="Kernel">Side of the kernel, odd.</param>
/// <param name="Stride">Of both axes.</param>
/// <param name="Groups">1, or the number of channels for a depthwise convolution.</param>
internal readonly record struct FittedShape(int Inputs, int Outputs, int Kernel, int Stride, int Groups)
{
    /// <summary>Zeros around the input on each side.</summary>
    public int Pad => Kernel / 2;

    /// <summary>Weights that one output element reads.</summary>
    public int Taps => Inputs / Groups * Kernel * Kernel;
}

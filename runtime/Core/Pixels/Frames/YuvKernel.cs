namespace ResNetEdge.Pixels.Frames;

/// <summary>
/// One row of Y, U, V to red, green, blue. <see cref="YuvReference"/> is the definition; every
/// other equals it bit for bit. <see cref="YuvKernels"/> lists them.
/// </summary>
internal abstract unsafe class YuvKernel
{
    /// <summary>Converts a row; reads and writes nothing over its ends. Chroma is that of the pair, not interpolated.</summary>
    /// <param name="row">Where it lies.</param>
    /// <param name="matrix">What it means.</param>
    /// <param name="pixels">How many; an odd last one uses the first half of its pair.</param>
    /// <param name="rgb">[pixels][3].</param>
    public abstract void Convert(in YuvRow row, in YuvMatrix matrix, int pixels, byte* rgb);
}

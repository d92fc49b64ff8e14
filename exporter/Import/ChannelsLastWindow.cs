namespace ResNetEdge.Exporter.Import;

/// <summary>Where a filter or pooling window looks, as TensorFlow says it.</summary>
/// <param name="KernelHeight">At least 1, as the others.</param>
/// <param name="KernelWidth">In pixels.</param>
/// <param name="StrideHeight">In pixels.</param>
/// <param name="StrideWidth">In pixels.</param>
/// <param name="DilationHeight">1: neighbouring pixels.</param>
/// <param name="DilationWidth">1: neighbouring pixels.</param>
/// <param name="IsSame">Padding <c>same</c>, else <c>valid</c>.</param>
internal readonly record struct ChannelsLastWindow(
    int KernelHeight, int KernelWidth, int StrideHeight, int StrideWidth, int DilationHeight, int DilationWidth, bool IsSame)
{
    /// <summary>No window can be larger.</summary>
    public const int MaxSize = 65535;

    /// <summary>Whether every number is one that a window can have.</summary>
    public bool IsSound =>
        new[] { KernelHeight, KernelWidth, StrideHeight, StrideWidth, DilationHeight, DilationWidth }.All(static v => v is >= 1 and <= MaxSize);

    /// <summary>Padding and output size along one axis.</summary>
    /// <remarks>
    /// <c>same</c> gives ceil(size / stride) outputs and pads what they need, the smaller half in front: for a 3×3 window with stride 2 on an even
    /// size that is 0 before and 1 after, not 1 and 1 as PyTorch has it.
    /// </remarks>
    /// <returns>Output is 0 when the window does not fit.</returns>
    public (int Before, int After, int Output) Along(int size, bool isHeight)
    {
        var (kernel, stride, dilation) = isHeight ? (KernelHeight, StrideHeight, DilationHeight) : (KernelWidth, StrideWidth, DilationWidth);
        long extent = (kernel - 1L) * dilation + 1;
        if (!IsSame) return (0, 0, extent > size ? 0 : (int)((size - extent) / stride + 1));
        long output = (size + stride - 1L) / stride, total = Math.Max(0, (output - 1) * stride + extent - size);
        return ((int)(total / 2), (int)(total - total / 2), (int)output);
    }
}

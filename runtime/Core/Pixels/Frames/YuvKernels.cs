namespace ResNetEdge.Pixels.Frames;

/// <summary>The conversions that this machine can run, best first; the last is the definition.</summary>
internal static class YuvKernels
{
    public static readonly YuvKernel[] All =
    [
        .. YuvAvx2.IsSupported ? [new YuvAvx2()] : Array.Empty<YuvKernel>(),
        .. YuvVector128.IsSupported ? [new YuvVector128()] : Array.Empty<YuvKernel>(),
        new YuvReference(),
    ];
}

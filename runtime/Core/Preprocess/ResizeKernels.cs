namespace ResNetEdge.Preprocess;

/// <summary>The resize kernels that this machine can run, best first; the last is the definition.</summary>
internal static class ResizeKernels
{
    public static readonly ResizeKernel[] All =
    [
        .. ResizeAvx2.IsSupported ? [new ResizeAvx2()] : Array.Empty<ResizeKernel>(),
        .. ResizeVector256.IsSupported ? [new ResizeVector256()] : Array.Empty<ResizeKernel>(),
        .. ResizeVector128.IsSupported ? [new ResizeVector128()] : Array.Empty<ResizeKernel>(),
        new ResizeReference(),
    ];
}

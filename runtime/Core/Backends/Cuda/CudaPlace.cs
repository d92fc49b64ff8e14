using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary><c>Place</c> of Common.cuh: a <see cref="Placement"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CudaPlace(Placement place)
{
    public readonly long Offset = place.Offset, Image = place.ImageStride;
    public readonly int Pixel = place.PixelStride, Row = place.RowStride;
}

using System.Runtime.InteropServices;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cuda;

/// <summary><c>Sizes</c> of Common.cuh: an <see cref="NhwcShape"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CudaSizes(NhwcShape shape)
{
    public readonly int Batch = shape.Batch, Height = shape.Height, Width = shape.Width, Channels = shape.Channels;
}

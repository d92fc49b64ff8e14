using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The part of GstVideoMeta that is read.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct GstVideoMeta
{
    [FieldOffset(36)]
    public uint Width;

    [FieldOffset(40)]
    public uint Height;

    [FieldOffset(44)]
    public uint Planes;

    [FieldOffset(48)]
    public fixed ulong Offset[4];

    [FieldOffset(80)]
    public fixed int Stride[4];
}

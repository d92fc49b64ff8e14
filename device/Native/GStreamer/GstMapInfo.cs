using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The part of GstMapInfo, a buffer's mapped memory, that is read.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal unsafe struct GstMapInfo
{
    [FieldOffset(16)]
    public byte* Data;

    [FieldOffset(24)]
    public nuint Size;
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The part of GstBuffer that is read.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GstBufferHead
{
    [FieldOffset(16)]
    public uint Flags;

    [FieldOffset(72)]
    public ulong Pts; // in nanoseconds of the segment
}

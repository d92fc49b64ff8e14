using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The part of GParamSpec that is read.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GParamSpec
{
    [FieldOffset(16)]
    public uint Flags;

    [FieldOffset(24)]
    public nint ValueType;
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>GValue: room for a value of any type.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct GValue
{
    public nint Type;
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The part of GstMessage and GstQuery that is read; both begin with a GstMiniObject of 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GstMessageHead
{
    [FieldOffset(64)]
    public int Type;

    [FieldOffset(80)]
    public nint Source; // of a message alone
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>The part of GstVideoInfo that is read; the size has room for what later versions add.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal unsafe struct GstVideoInfo
{
    [FieldOffset(16)]
    public int Width;

    [FieldOffset(20)]
    public int Height;

    [FieldOffset(40)]
    public int Range;

    [FieldOffset(44)]
    public int Matrix;

    [FieldOffset(64)]
    public int RateNumerator;

    [FieldOffset(68)]
    public int RateDenominator;

    [FieldOffset(72)]
    public fixed ulong Offset[4];

    [FieldOffset(104)]
    public fixed int Stride[4];
}

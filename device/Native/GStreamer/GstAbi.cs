using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native.GStreamer;

/// <summary>GError.</summary>
internal unsafe struct GError
{
    public uint Domain;
    public int Code;
    public byte* Message;
}

/// <summary>GValue: room for a value of any type.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct GValue
{
    public nint Type;
}

/// <summary>The part of GParamSpec that is read.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GParamSpec
{
    [FieldOffset(16)]
    public uint Flags;

    [FieldOffset(24)]
    public nint ValueType;
}

/// <summary>The part of GstMessage and GstQuery that is read; both begin with a GstMiniObject of 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GstMessageHead
{
    [FieldOffset(64)]
    public int Type;

    [FieldOffset(80)]
    public nint Source; // of a message alone
}

/// <summary>The part of GstBuffer that is read.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct GstBufferHead
{
    [FieldOffset(16)]
    public uint Flags;

    [FieldOffset(72)]
    public ulong Pts; // in nanoseconds of the segment
}

/// <summary>GstMapInfo.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal unsafe struct GstMapInfo
{
    [FieldOffset(16)]
    public byte* Data;

    [FieldOffset(24)]
    public nuint Size;
}

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

using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>struct v4l2_fmtdesc, 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct V4l2FormatDescription
{
    [FieldOffset(0)]
    public uint Index;

    [FieldOffset(4)]
    public uint Type;

    [FieldOffset(44)]
    public uint PixelFormat;
}

/// <summary>struct v4l2_frmsizeenum, 44 bytes. Discrete: the least are the size.</summary>
[StructLayout(LayoutKind.Explicit, Size = 44)]
internal struct V4l2FrameSize
{
    [FieldOffset(0)]
    public uint Index;

    [FieldOffset(4)]
    public uint PixelFormat;

    [FieldOffset(8)]
    public uint Type;

    [FieldOffset(12)]
    public uint LeastWidth;

    /// <summary>Discrete: the height.</summary>
    [FieldOffset(16)]
    public uint MostWidth;

    [FieldOffset(20)]
    public uint StepWidth;

    [FieldOffset(24)]
    public uint LeastHeight;

    [FieldOffset(28)]
    public uint MostHeight;

    [FieldOffset(32)]
    public uint StepHeight;
}

/// <summary>struct v4l2_frmivalenum, 52 bytes. The least interval is the fastest.</summary>
[StructLayout(LayoutKind.Explicit, Size = 52)]
internal struct V4l2FrameInterval
{
    [FieldOffset(0)]
    public uint Index;

    [FieldOffset(4)]
    public uint PixelFormat;

    [FieldOffset(8)]
    public uint Width;

    [FieldOffset(12)]
    public uint Height;

    [FieldOffset(16)]
    public uint Type;

    /// <summary>Discrete: the interval; else the least one.</summary>
    [FieldOffset(20)]
    public uint Numerator;

    [FieldOffset(24)]
    public uint Denominator;
}

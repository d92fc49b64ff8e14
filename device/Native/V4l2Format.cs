using System.Runtime.InteropServices;

namespace ResNetEdge.Device.Native;

/// <summary>struct v4l2_format with its v4l2_pix_format, 208 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 208)]
internal struct V4l2Format
{
    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(8)]
    public uint Width;

    [FieldOffset(12)]
    public uint Height;

    [FieldOffset(16)]
    public uint PixelFormat;

    [FieldOffset(20)]
    public uint Field;

    [FieldOffset(24)]
    public uint BytesPerLine;

    [FieldOffset(28)]
    public uint SizeImage;

    [FieldOffset(32)]
    public uint Colorspace;

    [FieldOffset(36)]
    public uint Private;

    [FieldOffset(40)]
    public uint Flags;

    [FieldOffset(44)]
    public uint YcbcrEncoding;

    [FieldOffset(48)]
    public uint Quantization;
}

/// <summary>struct v4l2_streamparm with its v4l2_captureparm, 204 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 204)]
internal struct V4l2StreamParameters
{
    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(4)]
    public uint Capability;

    [FieldOffset(12)]
    public uint SecondsNumerator;

    [FieldOffset(16)]
    public uint SecondsDenominator;
}

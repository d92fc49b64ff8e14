namespace ResNetEdge.Device.Native;

/// <summary>Video4Linux2: the requests and numbers of its interface that capturing needs. 64-bit Linux, the same on x64 and arm64.</summary>
/// <remarks>Source: Linux, include/uapi/linux/videodev2.h, and the Linux Media Infrastructure userspace API.</remarks>
internal static class V4l2
{
    public const uint QueryCapability = 0x80685600, EnumFormats = 0xC0405602, GetFormat = 0xC0D05604, SetFormat = 0xC0D05605;
    public const uint RequestBuffers = 0xC0145608, QueryBuffer = 0xC0585609, Queue = 0xC058560F, Dequeue = 0xC0585611;
    public const uint StreamOn = 0x40045612, StreamOff = 0x40045613, GetParameters = 0xC0CC5615, SetParameters = 0xC0CC5616;
    public const uint EnumFrameSizes = 0xC02C564A, EnumFrameIntervals = 0xC034564B;

    /// <summary>Capabilities that a driver reports (V4L2_CAP_*).</summary>
    public const uint VideoCapture = 0x1, VideoCaptureMultiPlanar = 0x1000, Streaming = 0x0400_0000, HasDeviceCapabilities = 0x8000_0000;

    /// <summary>enum v4l2_buf_type, v4l2_memory, v4l2_field.</summary>
    public const uint CaptureBuffer = 1, MemoryMapped = 1, Progressive = 1;

    /// <summary>Of a buffer.</summary>
    public const uint FlagError = 0x40, TimestampMask = 0xE000, TimestampMonotonic = 0x2000;

    /// <summary>The rate can be set.</summary>
    public const uint TimePerFrame = 0x1000;

    /// <summary>Sizes and intervals that are listed one by one.</summary>
    public const uint Discrete = 1;

    /// <summary>In v4l2_pix_format.priv: the color fields behind it count.</summary>
    public const uint ColorFieldsValid = 0xFEED_CAFE;

    /// <summary>enum v4l2_colorspace, v4l2_ycbcr_encoding, v4l2_quantization.</summary>
    public const uint ColorspaceRec709 = 3, ColorspaceJpeg = 7, ColorspaceDciP3 = 12;
    public const uint Encoding709 = 2, EncodingXv709 = 4, FullRange = 1;
}

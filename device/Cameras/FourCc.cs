namespace ResNetEdge.Device.Cameras;

/// <summary>A pixel format by its four characters, as V4L2 names it.</summary>
/// <param name="Code">First character in the lowest byte.</param>
/// <remarks>Source: Linux, include/uapi/linux/videodev2.h.</remarks>
internal readonly record struct FourCc(uint Code)
{
    /// <summary>Y0 U Y1 V: two pixels in four bytes.</summary>
    public static FourCc Yuyv { get; } = Of("YUYV");

    /// <summary>U Y0 V Y1.</summary>
    public static FourCc Uyvy { get; } = Of("UYVY");

    /// <summary>A plane of Y, then one of U V pairs at half the width and height.</summary>
    public static FourCc Nv12 { get; } = Of("NV12");

    /// <summary>As <see cref="Nv12"/>, with V U pairs.</summary>
    public static FourCc Nv21 { get; } = Of("NV21");

    /// <summary>I420: planes of Y, of U and of V, the latter two at half the width and height.</summary>
    public static FourCc Yuv420 { get; } = Of("YU12");

    /// <summary>As <see cref="Yuv420"/>, V before U.</summary>
    public static FourCc Yvu420 { get; } = Of("YV12");

    /// <summary>Planes of Y, of U and of V, the latter two at half the width.</summary>
    public static FourCc Yuv422 { get; } = Of("422P");

    /// <summary>Red, green, blue: three bytes a pixel.</summary>
    public static FourCc Rgb24 { get; } = Of("RGB3");

    /// <summary>Blue, green, red: three bytes a pixel.</summary>
    public static FourCc Bgr24 { get; } = Of("BGR3");

    /// <summary>Luma alone, one byte a pixel.</summary>
    public static FourCc Grey { get; } = Of("GREY");

    /// <summary>One JPEG a frame; bytes may trail its end.</summary>
    public static FourCc Mjpeg { get; } = Of("MJPG");

    /// <summary>As <see cref="Mjpeg"/>; some drivers call it so.</summary>
    public static FourCc Jpeg { get; } = Of("JPEG");

    /// <summary>A whole picture file of whatever format its first bytes show; from files and folders, never from a driver.</summary>
    public static FourCc Picture { get; } = Of("PICT");

    /// <summary>From its name.</summary>
    /// <param name="name">Up to four printable ASCII characters; shorter names end in spaces, as V4L2 pads them.</param>
    /// <exception cref="ArgumentException">No such name.</exception>
    public static FourCc Of(string name)
    {
        if (name.Length is 0 or > 4 || name.Any(c => c is < ' ' or > '~'))
            throw new ArgumentException($"'{name}' is not a four-character code", nameof(name));
        uint code = 0;
        for (int i = 0; i < 4; i++) code |= (uint)(i < name.Length ? name[i] : ' ') << (8 * i);
        return new FourCc(code);
    }

    /// <summary>The four characters; unprintable ones, which only a broken driver gives, as dots.</summary>
    public override string ToString()
    {
        uint code = Code;
        return string.Create(4, code, (name, value) =>
        {
            for (int i = 0; i < 4; i++) name[i] = (char)((value >> (8 * i)) & 0x7F) is var c and >= ' ' and <= '~' ? c : '.';
        }).TrimEnd();
    }
}

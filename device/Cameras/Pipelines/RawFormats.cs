namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>The formats of frames that are read here, as GStreamer names them.</summary>
internal static class RawFormats
{
    /// <summary>Stands for JPEG, which is a media type and not a format of raw video.</summary>
    public const string Jpeg = "image/jpeg";

    // In GStreamer's order of planes, which is V4L2's for each of these.
    private static readonly (FourCc Format, string Name)[] Names =
    [
        (FourCc.Rgb24, "RGB"), (FourCc.Bgr24, "BGR"), (FourCc.Yuyv, "YUY2"), (FourCc.Uyvy, "UYVY"), (FourCc.Nv12, "NV12"), (FourCc.Nv21, "NV21"),
        (FourCc.Yuv420, "I420"), (FourCc.Yvu420, "YV12"), (FourCc.Yuv422, "Y42B"), (FourCc.Grey, "GRAY8"),
    ];

    /// <summary>The format of GStreamer's name; null when it is not read here.</summary>
    public static FourCc? Of(string name)
    {
        if (name == Jpeg) return FourCc.Jpeg;
        foreach (var known in Names)
        {
            if (known.Name == name) return known.Format;
        }

        return null;
    }

    /// <summary>
    /// Capabilities of what is asked for: the formats that are read here, the cheapest to convert first, or the one that is wanted. Without a size of
    /// the request's: a source that cannot scale has its own.
    /// </summary>
    /// <exception cref="EdgeException">Exit 3: the format is not read here.</exception>
    public static string Accepted(CameraRequest request)
    {
        if (request.Format is not { } asked)
        {
            var ordered = FrameLayouts.All.SelectMany(layout => Names.Where(n => n.Format == layout.Format)).Select(n => n.Name);
            return $"video/x-raw,format=(string){{{string.Join(',', ordered)}}},{Bounds};{Jpeg},{Bounds}";
        }

        if (asked == FourCc.Jpeg || asked == FourCc.Mjpeg) return $"{Jpeg},{Bounds}";
        return $"video/x-raw,format=(string){NameOf(asked, request)},{Bounds}";
    }

    private static string Bounds => $"width=(int)[1,{FrameLayout.MaxSide}],height=(int)[1,{FrameLayout.MaxSide}]";

    private static string NameOf(FourCc format, CameraRequest request)
    {
        foreach (var known in Names)
        {
            if (known.Format == format) return known.Name;
        }

        throw EdgeException.BadInput($"{request.Device}: frames of format {format} are not supported; "
            + $"use one of {string.Join(", ", Names.Select(n => n.Format))}, {FourCc.Mjpeg}");
    }
}

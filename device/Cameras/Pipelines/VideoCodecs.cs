namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>The codings that RTSP cameras send, and who decodes them: the board's hardware where it has one, else the processor.</summary>
internal static class VideoCodecs
{
    // Its frames are in the graphics processor's memory.
    private const string Jetson = "nvv4l2decoder ! nvvidconv ! video/x-raw,format=(string)NV12";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<VideoCodec> All { get; } =
    [
        new("H264", $"rtph264depay name={VideoCodec.UnpackName} ! h264parse",
        [
            Plain("v4l2slh264dec"), Plain("v4l2h264dec"), new("nvv4l2decoder", Jetson), Plain("vah264dec"), OneThread("avdec_h264"),
            Plain("openh264dec"),
        ]),
        new("H265", $"rtph265depay name={VideoCodec.UnpackName} ! h265parse",
        [
            Plain("v4l2slh265dec"), Plain("v4l2h265dec"), new("nvv4l2decoder", Jetson), Plain("vah265dec"), OneThread("avdec_h265"),
            Plain("libde265dec"),
        ]),
        new("JPEG", $"rtpjpegdepay name={VideoCodec.UnpackName}", []), // decoded here, at a fraction of the size where that has all the network needs
    ];

    /// <summary>The coding of a payload's name; null when it is not read here.</summary>
    public static VideoCodec? Of(string? name)
    {
        foreach (var codec in All)
        {
            if (codec.Name == name) return codec;
        }

        return null;
    }

    private static VideoDecoder Plain(string element) => new(element, element);

    // More would wait for whole pictures of each other, and take processors from the network.
    private static VideoDecoder OneThread(string element) => new(element, $"{element} max-threads=1");
}

using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>Which Debian package brings an element of GStreamer's.</summary>
internal static class ElementPackages
{
    private const string Core = "libgstreamer1.0-0", Base = "gstreamer1.0-plugins-base", Good = "gstreamer1.0-plugins-good",
        Bad = "gstreamer1.0-plugins-bad", Libav = "gstreamer1.0-libav", Libcamera = "gstreamer1.0-libcamera",
        Jetson = "nvidia-l4t-gstreamer";

    /// <summary>Elements that cameras here are made of.</summary>
    public static IReadOnlyList<(string Element, string Package)> OfCameras { get; } =
    [
        ("rtspsrc", Good), ("rtph264depay", Good), ("rtph265depay", Good), ("rtpjpegdepay", Good), ("h264parse", Bad), ("h265parse", Bad),
        ("v4l2slh264dec", Bad), ("v4l2slh265dec", Bad), ("v4l2h264dec", Good), ("v4l2h265dec", Good), ("nvv4l2decoder", Jetson),
        ("vah264dec", Bad), ("vah265dec", Bad), ("avdec_h264", Libav), ("avdec_h265", Libav), ("openh264dec", Bad), ("libde265dec", Bad),
        ("libcamerasrc", Libcamera), ("nvarguscamerasrc", Jetson), ("nvvidconv", Jetson), ("decodebin", Base), ("videoconvert", Base),
        ("appsink", Base), ("filesrc", Core), ("capsfilter", Core),
    ];

    // What people often write into a pipeline.
    private static readonly (string Element, string Package)[] Others =
    [
        ("queue", Core), ("identity", Core), ("tee", Core), ("videotestsrc", Base), ("videoscale", Base), ("videorate", Base),
        ("uridecodebin", Base), ("v4l2src", Good), ("jpegdec", Good), ("matroskademux", Good), ("qtdemux", Good), ("multipartdemux", Good),
        ("souphttpsrc", Good), ("udpsrc", Good), ("videocrop", Good), ("videoflip", Good), ("tsdemux", Bad), ("srtsrc", Bad), ("rtmpsrc", Bad),
    ];

    /// <summary>Debian's package of an element; null: not known here.</summary>
    public static string? Of(string element)
    {
        foreach (var known in OfCameras.Concat(Others))
        {
            if (known.Element == element) return known.Package;
        }

        return null;
    }

    /// <summary>The sentence for an element that this machine does not have.</summary>
    public static string Missing(string what, string element) => Of(element) is { } package
        ? $"{what} needs GStreamer's element '{element}', which is not installed here: apt-get install {package}"
        : $"{what} needs GStreamer's element '{element}', which is not installed here";

    /// <summary>Goes on only where this machine has the elements.</summary>
    /// <param name="library">Its registry is asked.</param>
    /// <param name="what">What needs them, the beginning of a sentence.</param>
    /// <param name="elements">By name.</param>
    /// <exception cref="EdgeException">Exit 5: one is missing.</exception>
    public static void Require(GstLibrary library, string what, params ReadOnlySpan<string> elements)
    {
        foreach (string element in elements)
        {
            if (!library.Elements.Has(element)) throw EdgeException.Unavailable(Missing(what, element));
        }
    }
}

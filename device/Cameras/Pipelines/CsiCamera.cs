using System.Globalization;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>The camera module on a board's ribbon cable: libcamera on a Raspberry Pi and its like, Argus on a Jetson.</summary>
internal static class CsiCamera
{
    private const string Prefix = "csi://", Argus = "nvarguscamerasrc", Libcamera = "libcamerasrc", SourceName = "source";
    private const int LargestNumber = 15, RateScale = 1000;

    /// <summary>Whether a name is of the kind: <c>csi://0</c>.</summary>
    public static bool Knows(string device) => device.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Looks whether the board's element is there; the camera is not asked.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(CameraRequest request) => _ = ElementFor(request, NumberOf(request));

    /// <summary>Starts the camera.</summary>
    /// <exception cref="EdgeException">Exit 3: no number, or a control that the source does not have. Exit 5: GStreamer or the board's element is
    /// missing.</exception>
    /// <exception cref="CameraException">The camera does not start.</exception>
    public static PipelineCamera Open(CameraRequest request)
    {
        int number = NumberOf(request);
        var (library, element) = ElementFor(request, number);
        using var builder = new PipelineBuilder(library, request, isFile: false);
        nint bin = builder.AddDescribed(Describe(element, request));
        if (element == Argus) builder.Set(bin, SourceName, "sensor-id", number.ToString(CultureInfo.InvariantCulture));
        nint source = library.Elements.ByName(bin, SourceName);
        try
        {
            builder.SetControls(source);
        }
        finally
        {
            library.Objects.Unref(source);
        }

        return builder.Finish();
    }

    /// <summary>
    /// The elements of a board. On a Pi the image processor writes the cheapest format that the sink lists, in ordinary memory; on a Jetson it
    /// writes NV12 in the graphics processor's, from where nvvidconv copies it.
    /// </summary>
    internal static string Describe(string element, CameraRequest request)
    {
        string size = request.Width > 0 ? $",width=(int){request.Width},height=(int){request.Height}" : "";
        string rate = request.FramesPerSecond > 0
            ? $",framerate=(fraction){(long)Math.Round(request.FramesPerSecond * RateScale)}/{RateScale}" : "";
        return element == Argus
            ? $"{Argus} name={SourceName} ! video/x-raw(memory:NVMM),format=(string)NV12{size}{rate} ! nvvidconv ! video/x-raw,format=(string)NV12"
            : $"{Libcamera} name={SourceName} ! video/x-raw{size}{rate}";
    }

    private static int NumberOf(CameraRequest request) =>
        int.TryParse(request.Device.Whole.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= LargestNumber
            ? number
            : throw EdgeException.BadInput($"'{request.Device}' is not a camera module; number them from csi://0 to csi://{LargestNumber}");

    private static (GstLibrary Library, string Element) ElementFor(CameraRequest request, int number)
    {
        string what = $"camera '{request.Device}'";
        var library = GstLibrary.Require(what);
        if (library.Elements.Has(Argus)) return (library, Argus);
        if (!library.Elements.Has(Libcamera))
        {
            throw EdgeException.Unavailable($"{what} needs GStreamer's element '{Libcamera}' (apt-get install {ElementPackages.Of(Libcamera)}), "
                + $"or on a Jetson '{Argus}' (apt-get install {ElementPackages.Of(Argus)}); neither is installed here");
        }

        bool isNamed = request.Controls.Any(static c => c.StartsWith("camera-name=", StringComparison.Ordinal));
        return number == 0 || isNamed ? (library, Libcamera)
            : throw EdgeException.BadInput($"{what}: libcamera tells cameras apart by name; use csi://0 with the control camera-name=NAME, "
                + "as 'cam --list' or 'rpicam-hello --list-cameras' shows it");
    }
}

using System.Globalization;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Cli.Inputs;

/// <summary>The options that name a camera and what is wanted of it.</summary>
internal static class CameraOptions
{
    private const double MostFramesPerSecond = 1000;

    public static Option Camera { get; } =
        new("--camera", "DEVICE", "Reads frames instead of files: /dev/video0, a folder or stream of pictures, rtsp://...; stops on Ctrl-C.");

    public static Option Frames { get; } = new("--frames", "N", "With --camera: stops after N frames.");

    public static Option Format { get; } =
        new("--camera-format", "FOURCC", "With --camera: YUYV, NV12, MJPG ...; default: the cheapest that the camera offers.");

    public static Option Size { get; } = new("--camera-size", "WxH", "With --camera: frame size in pixels; default: the camera's own.");

    public static Option Rate { get; } = new("--camera-rate", "R", "With --camera: frames per second; default: the camera's own.");

    /// <summary>In the order of the help text.</summary>
    public static IReadOnlyList<Option> All { get; } = [Camera, Frames, Format, Size, Rate];

    /// <summary>What is wanted, or null without <c>--camera</c>.</summary>
    /// <exception cref="EdgeException">Exit 2: an option that cannot be read, or one without <c>--camera</c>.</exception>
    public static CameraRequest? Read(Arguments arguments)
    {
        if (arguments.Value(Camera.Name) is not { } device)
        {
            return All.FirstOrDefault(o => arguments.Has(o.Name)) is { } lonely
                ? throw Arguments.Usage($"option '{lonely.Name}' needs --camera DEVICE") : null;
        }

        var (width, height) = ReadSize(arguments);
        return new CameraRequest(device)
        {
            Format = ReadFormat(arguments),
            Width = width,
            Height = height,
            FramesPerSecond = arguments.Number(Rate.Name, 0, 0, MostFramesPerSecond),
        };
    }

    /// <summary>Frames after which to end; null runs on.</summary>
    /// <exception cref="EdgeException">Exit 2.</exception>
    public static int? ReadFrames(Arguments arguments) => arguments.Has(Frames.Name) ? arguments.Int(Frames.Name, 1, 1, int.MaxValue) : null;

    private static FourCc? ReadFormat(Arguments arguments)
    {
        if (arguments.Value(Format.Name) is not { } text) return null;
        try
        {
            return FourCc.Of(text);
        }
        catch (ArgumentException)
        {
            throw Arguments.Usage($"option '{Format.Name}' needs up to four characters, such as YUYV, not '{text}'");
        }
    }

    private static (int Width, int Height) ReadSize(Arguments arguments)
    {
        if (arguments.Value(Size.Name) is not { } text) return (0, 0);
        string[] sides = text.Split('x');
        return sides.Length == 2 && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && width is >= 1 and <= FrameLayout.MaxSide
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && height is >= 1 and <= FrameLayout.MaxSide
            ? (width, height)
            : throw Arguments.Usage($"option '{Size.Name}' needs WIDTHxHEIGHT in pixels, such as 640x480, not '{text}'");
    }
}

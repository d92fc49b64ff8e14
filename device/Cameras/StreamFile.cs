using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>Y4M and Motion-JPEG in files, named pipes and standard input.</summary>
internal static class StreamFile
{
    private const string StandardInput = "-";

    /// <summary>Whether a name is that of a Y4M stream: <c>*.y4m</c> or <c>y4m:PATH</c>, <c>y4m:-</c> being standard input.</summary>
    public static bool KnowsY4m(string device) => PathOf(device, "y4m:", ".y4m") != null;

    /// <summary>
    /// Whether a name is that of Motion-JPEG: <c>*.mjpeg</c>, <c>*.mjpg</c> or <c>mjpeg:PATH</c>, <c>mjpeg:-</c> being standard input.
    /// </summary>
    public static bool KnowsMjpeg(string device) => PathOf(device, "mjpeg:", ".mjpeg", ".mjpg") != null;

    /// <summary>Checks that a Y4M stream exists.</summary>
    /// <exception cref="EdgeException">Exit 3: a folder or socket.</exception>
    /// <exception cref="CameraException">Not there now.</exception>
    public static void CheckY4m(CameraRequest request) => Check(PathOf(request.Device.Whole, "y4m:", ".y4m")!);

    /// <summary>Checks that a Motion-JPEG stream exists.</summary>
    /// <inheritdoc cref="CheckY4m"/>
    public static void CheckMjpeg(CameraRequest request) => Check(PathOf(request.Device.Whole, "mjpeg:", ".mjpeg", ".mjpg")!);

    /// <summary>Opens a Y4M stream.</summary>
    /// <exception cref="EdgeException">Exit 3: a file that is not such a stream.</exception>
    /// <exception cref="CameraException">Not there.</exception>
    public static StreamCamera OpenY4m(CameraRequest request) =>
        Open(request, PathOf(request.Device.Whole, "y4m:", ".y4m")!, new Y4mParser(request.Device.Whole));

    /// <summary>Opens a Motion-JPEG stream.</summary>
    /// <inheritdoc cref="OpenY4m"/>
    public static StreamCamera OpenMjpeg(CameraRequest request) =>
        Open(request, PathOf(request.Device.Whole, "mjpeg:", ".mjpeg", ".mjpg")!, new MjpegParser(request.Device.Whole));

    private static StreamCamera Open(CameraRequest request, string path, IFrameParser parser)
    {
        Check(path);
        bool isFile = path != StandardInput && FileFacts.Of(path).Kind is FileKind.Regular;
        return new StreamCamera(request, stop => new PollStream(path, stop), parser, !isFile, TimeProvider.System);
    }

    private static void Check(string path)
    {
        var kind = path == StandardInput ? FileKind.Pipe : FileFacts.Of(path).Kind;
        if (kind is FileKind.Missing) throw new CameraException($"{path}: no such file or pipe");
        if (kind is FileKind.Folder or FileKind.Socket) throw EdgeException.BadInput($"{path}: is {RegularFile.Named(kind)}, not a stream of frames");
    }

    private static string? PathOf(string device, string prefix, params ReadOnlySpan<string> endings)
    {
        if (device.StartsWith(prefix, StringComparison.Ordinal)) return device[prefix.Length..];
        foreach (string ending in endings)
        {
            if (device.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && !device.Contains("://", StringComparison.Ordinal)) return device;
        }

        return null;
    }
}

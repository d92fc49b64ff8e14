using ResNetEdge.Device.Native;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>A video file of any container and coding that GStreamer reads; its frames wait to be taken.</summary>
internal static class ContainerFile
{
    private const string Prefix = "file:";
    private static readonly string[] Endings = [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts"];

    /// <summary>Whether a name is of the kind: <c>file:PATH</c>, or <c>*.mp4</c>, <c>*.mkv</c> and their like.</summary>
    public static bool Knows(string device) => device.StartsWith(Prefix, StringComparison.Ordinal)
        || (!device.Contains("://", StringComparison.Ordinal) && Endings.Any(e => device.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Looks whether there is a file, and GStreamer.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Check(CameraRequest request)
    {
        _ = PathOf(request);
        _ = Library(request);
    }

    /// <summary>Begins to read the file; what is in it shows at the first wait.</summary>
    /// <exception cref="EdgeException">Exit 3: it is not a file. Exit 5: GStreamer or an element is missing.</exception>
    /// <exception cref="CameraException">There is nothing now.</exception>
    public static PipelineCamera Open(CameraRequest request)
    {
        string path = PathOf(request);
        using var builder = new PipelineBuilder(Library(request), request, isFile: true);
        nint bin = builder.AddDescribed("filesrc name=source ! decodebin ! videoconvert"); // sound is led nowhere, and stops
        builder.Set(bin, "source", "location", path);
        return builder.Finish();
    }

    private static string PathOf(CameraRequest request)
    {
        string device = request.Device.Whole, path = device.StartsWith(Prefix, StringComparison.Ordinal) ? device[Prefix.Length..] : device;
        var kind = FileFacts.Of(path).Kind;
        return kind switch
        {
            FileKind.Regular => path,
            FileKind.Missing => throw new CameraException($"{path}: no such file"),
            _ => throw EdgeException.BadInput($"{path}: is {RegularFile.Named(kind)}, not a video file"),
        };
    }

    private static GstLibrary Library(CameraRequest request)
    {
        var library = GstLibrary.Require($"camera '{request.Device}'");
        ElementPackages.Require(library, $"camera '{request.Device}'", "filesrc", "decodebin", "videoconvert");
        return library;
    }
}

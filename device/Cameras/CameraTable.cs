namespace ResNetEdge.Device.Cameras;

/// <summary>The kinds of camera; the first that knows a device's name opens it.</summary>
internal static class CameraTable
{
    /// <summary>One kind.</summary>
    /// <param name="Kind">For people.</param>
    /// <param name="Knows">Whether a device's name is of this kind; looks at the name and the file's kind alone.</param>
    /// <param name="Open">Opens it.</param>
    internal sealed record Entry(string Kind, Func<string, bool> Knows, Func<CameraRequest, ICamera> Open);

    /// <summary>In order of asking.</summary>
    public static IReadOnlyList<Entry> All { get; } =
    [
        new("a V4L2 device (/dev/video0, /dev/v4l/by-path/...)", V4l2Camera.Knows, V4l2Camera.Open),
        new("a Motion-JPEG stream over HTTP (http://...)", HttpCamera.Knows, HttpCamera.Open),
        new("a Y4M file or pipe (*.y4m, y4m:PATH, y4m:- for standard input)", StreamFile.KnowsY4m, StreamFile.OpenY4m),
        new("a Motion-JPEG file or pipe (*.mjpeg, mjpeg:PATH, mjpeg:- for standard input)", StreamFile.KnowsMjpeg, StreamFile.OpenMjpeg),
        new("a picture file or a folder of them", FolderCamera.Knows, request => new FolderCamera(request, TimeProvider.System)),
    ];

    /// <summary>Opens whatever the request names.</summary>
    /// <exception cref="EdgeException">Exit 3: the name is of no kind, or a setting can never be met. Exit 5: no permission, or a library is missing.</exception>
    /// <exception cref="CameraException">Not now: not there, busy, failing.</exception>
    public static ICamera Open(CameraRequest request)
    {
        var entry = All.FirstOrDefault(e => e.Knows(request.Device))
            ?? throw EdgeException.BadInput($"'{request.Device}' is no camera that is known here; known are: {string.Join(", ", All.Select(e => e.Kind))}");
        return entry.Open(request);
    }
}

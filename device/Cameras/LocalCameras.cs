namespace ResNetEdge.Device.Cameras;

/// <summary>The kinds of camera of this machine: the kernel's devices, and files.</summary>
internal static class LocalCameras
{
    /// <summary>In order of asking.</summary>
    public static CameraTable Table { get; } = new(
        new("a V4L2 device (/dev/video0, /dev/v4l/by-path/...)", V4l2Camera.Knows, V4l2Camera.Check, V4l2Camera.Open),
        new("a Y4M file or pipe (*.y4m, y4m:PATH, y4m:- for standard input)", StreamFile.KnowsY4m, StreamFile.CheckY4m, StreamFile.OpenY4m),
        new("a Motion-JPEG file or pipe (*.mjpeg, mjpeg:PATH, mjpeg:- for standard input)", StreamFile.KnowsMjpeg,
            StreamFile.CheckMjpeg, StreamFile.OpenMjpeg),
        new("a picture file or a folder of them", FolderCamera.Knows, FolderCamera.Check, request => new FolderCamera(request, TimeProvider.System)));
}

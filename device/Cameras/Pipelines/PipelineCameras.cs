namespace ResNetEdge.Device.Cameras.Pipelines;

/// <summary>The kinds of camera that GStreamer opens.</summary>
internal static class PipelineCameras
{
    /// <summary>In order of asking.</summary>
    public static IReadOnlyList<CameraTable.Entry> Entries { get; } =
    [
        new("an RTSP camera (rtsp://...)", RtspCamera.Knows, RtspCamera.Check, RtspCamera.Open),
        new("a camera module of a Raspberry Pi or Jetson (csi://0)", CsiCamera.Knows, CsiCamera.Check, CsiCamera.Open),
        new("a video file (file:PATH, *.mp4, *.mkv, ...)", ContainerFile.Knows, ContainerFile.Check, ContainerFile.Open),
        new("a GStreamer pipeline without a sink (pipeline: v4l2src ! ...)", DescribedCamera.Knows, DescribedCamera.Check, DescribedCamera.Open),
    ];
}

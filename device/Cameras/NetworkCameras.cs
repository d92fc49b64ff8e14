using ResNetEdge.Device.Cameras.Pipelines;

namespace ResNetEdge.Device.Cameras;

/// <summary>The kinds of camera of the network and those behind GStreamer, and the others of this machine after them.</summary>
internal static class NetworkCameras
{
    /// <summary>In order of asking.</summary>
    public static CameraTable Table { get; } = new([
        new("a Motion-JPEG stream over HTTP (http://..., https://...)", HttpCamera.Knows, HttpCamera.Check, HttpCamera.Open),
        .. PipelineCameras.Entries,
        .. LocalCameras.Table.Entries]);
}

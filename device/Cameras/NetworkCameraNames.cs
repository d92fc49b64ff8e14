using ResNetEdge.Device.Cameras.Pipelines;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// The names of devices that <see cref="NetworkCameras"/> has and <see cref="LocalCameras"/> has not, told apart without what opens them.
/// </summary>
internal static class NetworkCameraNames
{
    /// <summary>Whether a device's name is one of them; looks at the name alone.</summary>
    public static bool Know(string device) => HttpCamera.Knows(device) || RtspCamera.Knows(device) || CsiCamera.Knows(device)
        || ContainerFile.Knows(device) || DescribedCamera.Knows(device);
}

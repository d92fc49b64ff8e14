using System.Globalization;
using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>A video device of this machine.</summary>
/// <param name="Device">Its node.</param>
/// <param name="Driver">As the driver calls itself; null when it could not be asked.</param>
/// <param name="Card">The camera's name; null when it could not be asked.</param>
/// <param name="Modes">Formats, sizes and highest rates that are read here; formats that are not, by name alone.</param>
/// <param name="Obstacle">Why it cannot be used as a camera; null when it can.</param>
internal sealed record VideoDevice(string Device, string? Driver, string? Card, IReadOnlyList<string> Modes, string? Obstacle);

/// <summary>The video devices of this machine, as far as they may be opened.</summary>
internal static unsafe class VideoDevices
{
    private const int MostDevices = 64;
    private const string Prefix = "video";

    /// <summary>All of a folder of device nodes, by number.</summary>
    public static IReadOnlyList<VideoDevice> List(string folder = "/dev")
    {
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, Prefix + "*")
            .Select(path => (path, isNumber: int.TryParse(
                Path.GetFileName(path)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number), number))
            .Where(d => d.isNumber)
            .OrderBy(d => d.number)
            .Take(MostDevices)
            .Select(d => Describe(d.path))];
    }

    /// <summary>Asks an open device.</summary>
    public static VideoDevice Describe(string path, IVideoDevice device)
    {
        V4l2Capability capability;
        int error = device.Ioctl(V4l2.QueryCapability, &capability);
        if (error != 0) return new VideoDevice(path, null, null, [], $"it cannot be queried ({Marshal.GetPInvokeErrorMessage(error)})");
        uint can = (capability.Capabilities & V4l2.HasDeviceCapabilities) != 0 ? capability.DeviceCapabilities : capability.Capabilities;
        bool captures = (can & V4l2.VideoCapture) != 0 && (can & V4l2.Streaming) != 0;
        var modes = captures ? VideoModes.Formats(device).SelectMany(f => Words(device, f)).ToList() : [];
        return new VideoDevice(path, V4l2Capability.Words(capability.Driver), V4l2Capability.Words(capability.Card), modes,
            captures ? null : "does not capture video (metadata, an output, or multi-planar only)");
    }

    private static VideoDevice Describe(string path)
    {
        try
        {
            using var device = LinuxVideoDevice.Open(path);
            return Describe(path, device);
        }
        catch (Exception e) when (e is EdgeException or CameraException)
        {
            return new VideoDevice(path, null, null, [], e.Message);
        }
    }

    private static IEnumerable<string> Words(IVideoDevice device, FourCc format)
    {
        if (FrameLayouts.Of(format) == null) return [$"{format} (not supported)"];
        var sizes = VideoModes.Sizes(device, format);
        return sizes.Count == 0 ? [format.ToString()] : sizes.Select(s => s.ToString());
    }
}

using System.Runtime.CompilerServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>What a video device says that it can do. A driver's lists are followed only so far as a camera's can go.</summary>
internal static unsafe class VideoModes
{
    private const int MostFormats = 256, MostSizes = 64, MostIntervals = 32, MostInMessage = 24;

    /// <summary>The formats that the device lists, read here or not.</summary>
    public static List<FourCc> Formats(IVideoDevice device)
    {
        var formats = new List<FourCc>();
        for (uint i = 0; i < MostFormats; i++)
        {
            var format = new V4l2FormatDescription { Index = i, Type = V4l2.CaptureBuffer };
            if (device.Ioctl(V4l2.EnumFormats, &format) != 0) break;
            var code = new FourCc(format.PixelFormat);
            if (!formats.Contains(code)) formats.Add(code);
        }

        return formats;
    }

    /// <summary>The sizes that the device lists for a format; none where the driver keeps them to itself.</summary>
    public static List<VideoMode> Sizes(IVideoDevice device, FourCc format)
    {
        var modes = new List<VideoMode>();
        for (uint i = 0; i < MostSizes; i++)
        {
            var size = new V4l2FrameSize { Index = i, PixelFormat = format.Code };
            if (device.Ioctl(V4l2.EnumFrameSizes, &size) != 0) break;
            bool isRange = size.Type != V4l2.Discrete;
            var (width, height) = isRange ? (size.LeastWidth, size.LeastHeight) : (size.LeastWidth, size.MostWidth);
            var (mostWidth, mostHeight) = isRange ? (size.MostWidth, size.MostHeight) : (width, height);
            modes.Add(new VideoMode(format, width, height, mostWidth, mostHeight, Fastest(device, format, width, height)));
            if (isRange) break;
        }

        return modes;
    }

    /// <summary>All that is read here and that the device lists, for messages; bounded.</summary>
    public static string Describe(IVideoDevice device)
    {
        var formats = Formats(device);
        var read = formats.Where(f => FrameLayouts.Of(f) != null).ToList();
        if (read.Count == 0)
            return formats.Count == 0 ? "it lists no format"
                : $"it has only {string.Join(", ", formats.Take(MostInMessage))}, none of which is supported";
        var all = read.SelectMany(f => Sizes(device, f) is { Count: > 0 } sizes ? sizes.Select(s => s.ToString()) : [f.ToString()]).ToList();
        return $"it has {string.Join(", ", all.Take(MostInMessage))}{(all.Count > MostInMessage ? $" and {all.Count - MostInMessage} more" : "")}";
    }

    /// <summary>Frames per second of an interval; 0 for one that makes no sense.</summary>
    public static double Rate(uint numerator, uint denominator) => numerator == 0 || denominator == 0 ? 0 : (double)denominator / numerator;

    private static double Fastest(IVideoDevice device, FourCc format, uint width, uint height)
    {
        double fastest = 0;
        for (uint i = 0; i < MostIntervals; i++)
        {
            var interval = new V4l2FrameInterval { Index = i, PixelFormat = format.Code, Width = width, Height = height };
            if (device.Ioctl(V4l2.EnumFrameIntervals, &interval) != 0) break;
            fastest = Math.Max(fastest, Rate(interval.Numerator, interval.Denominator));
            if (interval.Type != V4l2.Discrete) break;
        }

        return fastest;
    }
}

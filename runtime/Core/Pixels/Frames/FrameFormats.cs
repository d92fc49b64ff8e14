using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Pixels.Frames;

/// <summary>The formats of frames that become pixels.</summary>
internal static class FrameFormats
{
    public static readonly FrameFormat[] All =
    [
        new(FourCc.Yuyv, FrameContent.Yuv, YuvOrder.Yuyv),
        new(FourCc.Uyvy, FrameContent.Yuv, YuvOrder.Uyvy),
        new(FourCc.Nv12, FrameContent.Yuv, YuvOrder.PairsUv),
        new(FourCc.Nv21, FrameContent.Yuv, YuvOrder.PairsVu),
        new(FourCc.Yuv420, FrameContent.Yuv, YuvOrder.Planes),
        new(FourCc.Yvu420, FrameContent.Yuv, YuvOrder.Planes),
        new(FourCc.Yuv422, FrameContent.Yuv, YuvOrder.Planes),
        new(FourCc.Rgb24, FrameContent.Rgb),
        new(FourCc.Bgr24, FrameContent.Bgr),
        new(FourCc.Grey, FrameContent.Gray),
        new(FourCc.Mjpeg, FrameContent.Jpeg),
        new(FourCc.Jpeg, FrameContent.Jpeg),
        new(FourCc.Picture, FrameContent.File),
    ];

    /// <summary>The format of that name, or null when its frames are not read here.</summary>
    public static FrameFormat? Of(FourCc format)
    {
        foreach (var known in All)
        {
            if (known.Format == format) return known;
        }

        return null;
    }
}

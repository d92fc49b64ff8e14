namespace ResNetEdge.Device.Cameras;

/// <summary>The formats that are read, the cheapest to convert first; gray last, since it has lost the color.</summary>
internal static class FrameLayouts
{
    /// <summary>In order of preference.</summary>
    public static readonly FrameLayout[] All =
    [
        new(FourCc.Rgb24, "RGB 8-8-8", 3),
        new(FourCc.Bgr24, "BGR 8-8-8", 3),
        new(FourCc.Yuyv, "YUYV 4:2:2", 2),
        new(FourCc.Uyvy, "UYVY 4:2:2", 2),
        new(FourCc.Nv12, "Y/UV 4:2:0", 1, ChromaPlanes: 1, IsChromaHalfHeight: true),
        new(FourCc.Nv21, "Y/VU 4:2:0", 1, ChromaPlanes: 1, IsChromaHalfHeight: true),
        new(FourCc.Yuv420, "Y/U/V 4:2:0", 1, ChromaPlanes: 2, IsChromaHalfHeight: true),
        new(FourCc.Yvu420, "Y/V/U 4:2:0", 1, ChromaPlanes: 2, IsChromaHalfHeight: true),
        new(FourCc.Yuv422, "Y/U/V 4:2:2", 1, ChromaPlanes: 2),
        new(FourCc.Mjpeg, "Motion-JPEG", 0),
        new(FourCc.Jpeg, "JPEG", 0),
        new(FourCc.Grey, "gray", 1),
    ];

    /// <summary>The layout of a format, or null when it is not read here.</summary>
    public static FrameLayout? Of(FourCc format)
    {
        foreach (var layout in All)
        {
            if (layout.Format == format) return layout;
        }

        return null;
    }
}

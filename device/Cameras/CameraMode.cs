namespace ResNetEdge.Device.Cameras;

/// <summary>What a camera was asked for; whatever is null or 0 the camera chooses.</summary>
/// <param name="Device">As the user wrote it: <c>/dev/video0</c>, a file, a folder, <c>http://...</c>, perhaps with a password.</param>
internal sealed record CameraRequest(SafeAddress Device)
{
    /// <summary>Pixel format; null takes the cheapest to convert that the camera has at that size.</summary>
    public FourCc? Format { get; init; }

    /// <summary>In pixels; 0: the driver's own.</summary>
    public int Width { get; init; }

    /// <summary>In pixels; 0: the driver's own.</summary>
    public int Height { get; init; }

    /// <summary>0: the driver's own. Files are paced by it; 0 reads them as fast as they are taken.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>Files and folders begin again after the last frame.</summary>
    public bool Loop { get; init; }
}

/// <summary>What a camera really does, as it answered.</summary>
/// <param name="Name">Device and the driver's name for it.</param>
/// <param name="Format">Of its frames.</param>
/// <param name="Width">In pixels; 0 when every frame may differ.</param>
/// <param name="Height">In pixels; 0 when every frame may differ.</param>
/// <param name="FramesPerSecond">0 when it does not say.</param>
internal sealed record CameraMode(string Name, FourCc Format, int Width, int Height, double FramesPerSecond);

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

    /// <summary>Name to log in with at a camera of the network; null: as the address says, if it does.</summary>
    public string? User { get; init; }

    /// <summary>File whose first line is the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>How an RTSP camera sends its frames.</summary>
    public RtspTransport Transport { get; init; }

    /// <summary>How long packets that are late or out of order are waited for.</summary>
    public TimeSpan Latency { get; init; } = DefaultLatency;

    /// <summary>Element that decodes; null: the first of those that this machine has.</summary>
    public string? Decoder { get; init; }

    /// <summary>Properties of the element that the frames come from, <c>name=value</c>.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>Of <see cref="Latency"/>.</summary>
    public static TimeSpan DefaultLatency { get; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>What a camera really does, as it answered.</summary>
/// <param name="Name">Device and the driver's name for it.</param>
/// <param name="Format">Of its frames.</param>
/// <param name="Width">In pixels; 0 when every frame may differ.</param>
/// <param name="Height">In pixels; 0 when every frame may differ.</param>
/// <param name="FramesPerSecond">0 when it does not say.</param>
internal sealed record CameraMode(string Name, FourCc Format, int Width, int Height, double FramesPerSecond);

using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Cameras;

/// <summary>Settings of cameras of the network and of those behind GStreamer; others refuse them.</summary>
internal static class StreamSettings
{
    private static readonly Setting<string?> User = Settings.OptionalText(
        "user", "Name to log in with at an rtsp:// or http:// camera, instead of one in its address. Needs password_file.");
    private static readonly Setting<string?> PasswordFile = Settings.OptionalText("password_file", "File whose first line is the camera's password; "
        + "read again each time that the camera is opened. It must not be readable by everybody.");
    private static readonly Setting<RtspTransport> Transport = Settings.Choice("transport", "How an rtsp:// camera sends its frames: in the RTSP "
        + "connection, where nothing is lost, or as UDP packets, which arrive sooner on a network that loses some.",
        "tcp", ("tcp", RtspTransport.Tcp), ("udp", RtspTransport.Udp));
    private static readonly Setting<TimeSpan> Latency = Settings.Duration("latency_ms", "How long an rtsp:// camera's late or reordered packets are "
        + "waited for before they count as lost; frames whose packets are in order are not held back.",
        CameraRequest.DefaultLatency, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    private static readonly Setting<string?> Decoder = Settings.OptionalText("decoder", "GStreamer element that decodes an rtsp:// camera's frames, "
        + "such as avdec_h264; default: the board's hardware if it has one, else the processor. The log names the one in use.");
    private static readonly Setting<IReadOnlyList<string>> Controls = Settings.Texts("controls", "Properties of the GStreamer element that a csi:// "
        + "or rtsp:// camera's frames come from, each as name=value, such as sensor-mode=3; 'gst-inspect-1.0' lists them.");

    /// <summary>In the order of the reference.</summary>
    public static IReadOnlyList<Setting> All { get; } = [User, PasswordFile, Transport, Latency, Decoder, Controls];

    /// <summary>Adds them to a request; problems are added to the section's place.</summary>
    public static CameraRequest Read(Section section, CameraRequest request)
    {
        string device = request.Device.Whole;
        bool isRtsp = RtspCamera.Knows(device), isCsi = CsiCamera.Knows(device), hasLogin = isRtsp || HttpCamera.Knows(device);
        OnlyFor(section, hasLogin, "an rtsp:// or http:// camera", User, PasswordFile);
        OnlyFor(section, isRtsp, "an rtsp:// camera", Transport, Latency, Decoder);
        OnlyFor(section, isRtsp || isCsi, "a csi:// or rtsp:// camera", Controls);
        string? user = section.Get(User), password = section.Get(PasswordFile), decoder = section.Get(Decoder);
        if (user is null != password is null)
        {
            section.Problem(user is null ? PasswordFile : User,
                user is null ? "needs 'user': a password belongs to a name" : "needs 'password_file': the password is the first line of that file");
        }

        if (user is not null && request.Device.Uri is { UserInfo.Length: > 0 })
            section.Problem(User, "cannot be combined with a user name in the camera's address: leave it out there");
        if (decoder is not null && !decoder.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
            section.Problem(Decoder, $"must be the name of one GStreamer element, such as avdec_h264, not '{decoder}'");
        var controls = section.Get(Controls);
        if (controls.FirstOrDefault(static c => c.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong)
            section.Problem(Controls, $"must be a list of name=value, not '{wrong}'");
        return request with
        {
            User = user,
            PasswordFile = password,
            Transport = section.Get(Transport),
            Latency = section.Get(Latency),
            Decoder = decoder,
            Controls = new EqualList<string>(controls),
        };
    }

    private static void OnlyFor(Section section, bool isKind, string kind, params ReadOnlySpan<Setting> settings)
    {
        if (isKind) return;
        foreach (var setting in settings)
        {
            if (section.Has(setting)) section.Problem(setting, $"needs {kind}");
        }
    }
}

using ResNetEdge.Device;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Cameras;

/// <summary>What the configuration says of the camera.</summary>
/// <param name="Request">What to open.</param>
/// <param name="Stall">An open camera without a frame for so long is closed and opened again.</param>
/// <param name="Frozen">A picture that is the same bit for bit for so long is not a picture; null: not looked at.</param>
/// <param name="LongestWait">Between two tries to open a camera that is not there.</param>
internal sealed record CameraSettings(CameraRequest Request, TimeSpan Stall, TimeSpan? Frozen, TimeSpan LongestWait)
{
    private const int LongestName = 40;
    private static readonly Setting<string> Device = Settings.Text("device", "Camera: /dev/video0, a name under /dev/v4l, csi://0 for a "
        + "camera module, the rtsp:// address of an IP camera, the http:// address of an MJPEG stream, a picture, folder, Y4M, MJPEG or other video "
        + "file, or 'pipeline:' and a GStreamer pipeline without a sink. HTTP redirects are followed only to the same host. "
        + "docs/cameras.md has examples of each.");
    private static readonly Setting<string?> Format =
        Settings.OptionalText("format", "Pixel format by its four characters, such as YUYV or MJPG; default: the cheapest that the camera offers.");
    private static readonly Setting<int> Width = Settings.Int("width", "In pixels; 0 leaves it to the camera.", 0, 0, 16384);
    private static readonly Setting<int> Height = Settings.Int("height", "In pixels; 0 leaves it to the camera.", 0, 0, 16384);
    private static readonly Setting<double> Rate = Settings.Number("frames_per_second", "Frame rate; 0 leaves it to the camera.", 0, 0, 1000);
    private static readonly Setting<bool> Loop =
        Settings.Bool("loop", "Files and folders start over after the last frame; otherwise the service ends there.", false);
    private static readonly Setting<TimeSpan> StallSetting =
        Settings.Duration("stall_timeout_s", "If no frame has been decoded and processed for this long, the camera is closed and reopened and the "
            + "rules turn off. Damaged frames, frames older than this and time during which the machine slept do not count.",
            TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1));
    private static readonly Setting<double?> FrozenSetting = Settings.OptionalNumber("frozen_timeout_s", "Frames that have been bit for bit "
        + "identical for this long count as damaged: a camera that hangs repeats its picture, while a working sensor has noise. "
        + "If not set, identical frames are accepted, as is right for drawn or saturated pictures and for files.", 0.1, 86400);
    private static readonly Setting<TimeSpan> WaitSetting = Settings.Duration(
        "longest_retry_s", "A missing camera is tried again after 0.2 s, then less and less often, up to this interval.", TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(0.2), TimeSpan.FromHours(1));

    private static readonly Setting<string> NameSetting = Settings.Text("name", "Name of the camera in events, topics, metrics and on the live page: "
        + $"letters, digits, spaces, '-', '_' and '.', at most {LongestName} characters.");
    private static readonly Setting<int?> ThreadsSetting = Settings.OptionalInt(
        "threads", "Number of threads for the frames of this camera; engine 'fused' only.", "model.threads", 1, 64);

    /// <summary>The keys of the section <c>camera</c>.</summary>
    public static Schema Schema { get; } =
        new("camera", "Where frames come from.", [Device, Format, Width, Height, Rate, Loop, .. StreamSettings.All, StallSetting,
            FrozenSetting, WaitSetting, .. ViewSettings.All]);

    /// <summary>What the network sees of frames.</summary>
    public ViewSettings View { get; init; } = ViewSettings.Everything;

    /// <summary>The keys of a section of the list <c>cameras</c>.</summary>
    public static Schema ListSchema { get; } = new(
        "cameras", "Where frames come from, for several cameras in one service, in place of 'camera'. They share the model; each has its own rules' "
        + "states, thread and metrics, and goes on when another fails.", [NameSetting, .. Schema.Settings, ThreadsSetting]);

    /// <summary>Of a camera of the list; null for the one of the section <c>camera</c>, which has none.</summary>
    public string? Name { get; init; }

    /// <summary>Threads for its frames; null: as many as the model's settings say.</summary>
    public int? Threads { get; init; }

    /// <summary>Where <see cref="Threads"/> stands.</summary>
    public FileLine ThreadsLine { get; init; }

    /// <summary>Where the name stands.</summary>
    public FileLine NameLine { get; init; }

    /// <summary>What messages call the camera: 'camera', or 'cameras' with its name.</summary>
    public string Title => Name is null ? "camera" : $"cameras ({Name})";

    /// <summary>Reads a section of the list <c>cameras</c>; problems are added to its place.</summary>
    public static CameraSettings Read(YamlMapping mapping, Place place)
    {
        var section = new Section(mapping, place, ListSchema);
        string name = section.Get(NameSetting);
        if (name.Length > LongestName || name != name.Trim() || !name.All(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.'))
        {
            section.Problem(NameSetting, $"must be at most {LongestName} letters, digits, '-', '_', '.' and spaces, none of these at its ends, "
                + $"not '{SafeAddress.Show(name)}'");
        }

        return Read(section) with
        {
            Name = name,
            Threads = section.Get(ThreadsSetting),
            NameLine = section.LineOf(NameSetting),
            ThreadsLine = section.LineOf(ThreadsSetting),
        };
    }

    /// <summary>Notes names that two cameras share.</summary>
    /// <param name="cameras">All of the file.</param>
    /// <param name="place">Of the file.</param>
    public static void CheckNames(IReadOnlyList<CameraSettings> cameras, Place place)
    {
        for (int i = 0; i < cameras.Count; i++)
        {
            var camera = cameras[i];
            if (cameras.Take(i).FirstOrDefault(c => string.Equals(c.Name, camera.Name, StringComparison.OrdinalIgnoreCase)) is { } first)
                place.Add(camera.NameLine.Number, $"camera '{camera.Name}' occurs twice, first in line {first.NameLine.Number}");
        }
    }

    /// <summary>Reads the section <c>camera</c>; problems are added to its place.</summary>
    public static CameraSettings Read(Section section)
    {
        FourCc? format = null;
        if (section.Get(Format) is { } name)
        {
            if (name.Length is 0 or > 4 || name.Any(c => c is < ' ' or > '~'))
                section.Problem(Format, $"must be a format of four characters, such as YUYV, not '{name}'");
            else format = FourCc.Of(name);
        }

        if (section.Get(Width) == 0 != (section.Get(Height) == 0))
            section.Problem(section.Has(Width) ? Width : Height, "needs the other side too: set both width and height, or neither");
        var request = new CameraRequest(section.Get(Device))
        {
            Format = format,
            Width = section.Get(Width),
            Height = section.Get(Height),
            FramesPerSecond = section.Get(Rate),
            Loop = section.Get(Loop),
        };
        return new CameraSettings(
            StreamSettings.Read(section, request), section.Get(StallSetting),
            section.Get(FrozenSetting) is { } frozen ? TimeSpan.FromSeconds(frozen) : null, section.Get(WaitSetting))
        {
            View = ViewSettings.Read(section),
        };
    }
}

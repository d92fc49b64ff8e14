using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Triggers;

/// <summary>How the service looks when a trigger asks. Equal when everything in it is.</summary>
/// <param name="WarmUp">Frames that are thrown away first.</param>
/// <param name="Frames">That are run.</param>
/// <param name="Timeout">A look that takes longer ends with what it has.</param>
/// <param name="KeepsCameraOpen">Between looks the camera goes on, and its frames are thrown away unseen.</param>
internal sealed record LookSettings(int WarmUp, int Frames, TimeSpan Timeout, bool KeepsCameraOpen)
{
    private static readonly Setting<int> WarmUpSetting = Settings.Int("warm_up_frames",
        "Frames that are thrown away before those that are run: a camera that was just opened has to find its exposure.", 3, 0, 300);
    private static readonly Setting<int> FramesSetting = Settings.Int("frames",
        "Number of frames that are run; at least as many as the rules need.", 1, 1, 1000);
    private static readonly Setting<TimeSpan> TimeoutSetting = Settings.Duration(
        "timeout_s", "A look ends after this long with whatever it has.", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.1),
        TimeSpan.FromMinutes(5));
    private static readonly Setting<bool> OpenSetting = Settings.Bool("keep_camera_open",
        "The camera stays open between looks, and its frames are thrown away unseen: a look is answered sooner and the device never rests.", false);

    /// <summary>The keys of the section <c>looks</c>.</summary>
    public static Schema Schema { get; } = new(
        "looks", "How the service looks when a trigger asks; without triggers it always does.",
        [WarmUpSetting, FramesSetting, TimeoutSetting, OpenSetting]);

    /// <summary>When nothing is configured.</summary>
    public static LookSettings Default { get; } =
        new(WarmUpSetting.FallbackValue, FramesSetting.FallbackValue, TimeoutSetting.FallbackValue, OpenSetting.FallbackValue);

    /// <summary>Reads the section; problems are added to its place.</summary>
    public static LookSettings Read(Section section) =>
        new(section.Get(WarmUpSetting), section.Get(FramesSetting), section.Get(TimeoutSetting), section.Get(OpenSetting));
}

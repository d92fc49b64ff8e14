using ResNetEdge.Service.Pictures;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Frames;

/// <summary>Frames that are worth keeping, such as for training. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Folder">Where they are kept.</param>
/// <param name="When">What makes a frame worth keeping.</param>
/// <param name="Band">Scores about which the network is unsure.</param>
/// <param name="Drift">Population stability index from which on scores count as drifted.</param>
/// <param name="MaxMib">On disk at most.</param>
/// <param name="MaxFiles">Pictures at most.</param>
/// <param name="PerHour">Kept in any hour.</param>
/// <param name="Pause">From one to the next.</param>
/// <param name="Form">Of the pictures.</param>
internal sealed record FramesSettings(
    string Name, string Folder, EqualList<string> When, (double From, double To) Band, double Drift, int MaxMib, int MaxFiles, int PerHour,
    TimeSpan Pause, PictureForm Form) : SinkSettings(Name, TypeName)
{
    /// <summary>What makes a frame worth keeping.</summary>
    public const string ByRule = "rule", ByBand = "band", ByDrift = "drift", ByDisagreement = "disagreement";

    private const string TypeName = "frames";
    private static readonly string[] Reasons = [ByRule, ByBand, ByDrift, ByDisagreement];

    private static readonly Setting<string> FolderSetting = Settings.Text("folder",
        "Folder of the pictures, each with a file of the same name that is one line of JSON: the result or event, and why it was kept.");
    private static readonly Setting<IReadOnlyList<string>> WhenSetting = Settings.Texts("when", "What makes a frame worth keeping, one or more of: "
        + "rule (it turned on a rule that names this output), band (its best score is between band_from and band_to), drift (the scores of the last "
        + "24 hours are spread otherwise than those of the first), disagreement (the deepest level of the package's ladder, up to budget.max_level, "
        + "names another class than the whole network). Default: rule.");
    private static readonly Setting<double> FromSetting = Settings.Number("band_from", "Lower end of the band of scores.", 0.4, 0, 1);
    private static readonly Setting<double> ToSetting = Settings.Number("band_to", "Upper end of the band of scores.", 0.6, 0, 1);
    private static readonly Setting<double> DriftSetting = Settings.Number("drift", "Population stability index of the scores, in 20 equal steps, "
        + "from which on frames are kept and the log says so; 0.1 is a small change, 0.25 a large one.", 0.25, 0.01, 10);
    private static readonly Setting<TimeSpan> CompareSetting = Settings.Duration("compare_s", "For disagreement: how often a frame of each camera is "
        + "run at that level too, which takes the time of one more inference; not while the service hides blocks or skips frames. The level is "
        + "loaded beside the network and takes its memory.", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.1), TimeSpan.FromDays(1));
    private static readonly Setting<int> MibSetting = Settings.Int("max_mib",
        "Disk space that the frames may take, in MiB, including the file system's blocks; the oldest are deleted first.", 256, 1, 65536);
    private static readonly Setting<int> FilesSetting =
        Settings.Int("max_files", "Number of pictures kept; the oldest are deleted first.", 1000, 1, 1_000_000);
    private static readonly Setting<int> HourSetting = Settings.Int("per_hour", "Number of pictures kept in any hour.", 60, 1, 1000);
    private static readonly Setting<TimeSpan> PauseSetting = Settings.Duration("pause_s",
        "Minimum time between two of them: neighbouring frames show the same.", TimeSpan.FromSeconds(5), TimeSpan.Zero, TimeSpan.FromHours(1));

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(TypeName, new Schema(TypeName, "Frames that are worth keeping, to look at or to train with: a bounded "
        + "folder of JPEG files.", [FolderSetting, WhenSetting, FromSetting, ToSetting, DriftSetting, CompareSetting, MibSetting, FilesSetting,
            HourSetting, PauseSetting, .. PictureForm.All]), Read);

    /// <inheritdoc/>
    public override bool WantsResults => When.Contains(ByBand) || When.Contains(ByDrift);

    /// <summary>From one frame that is run at two levels to the next.</summary>
    public TimeSpan Compare { get; init; } = CompareSetting.FallbackValue;

    /// <inheritdoc/>
    public override TimeSpan? ComparesEvery => When.Contains(ByDisagreement) ? Compare : null;

    /// <inheritdoc/>
    public override PictureForm? Picture => Form;

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => new FramesSink(this, context);

    private static FramesSettings Read(string name, Section section)
    {
        var when = section.Get(WhenSetting);
        if (when.FirstOrDefault(word => !Reasons.Contains(word)) is { } unknown)
            section.Problem(WhenSetting, $"must be of {string.Join(", ", Reasons)}, not '{unknown}'");
        var (from, to) = (section.Get(FromSetting), section.Get(ToSetting));
        if (from > to) section.Problem(FromSetting, $"is above band_to: {from} > {to}");
        (Setting, string)[] needs =
            [(FromSetting, ByBand), (ToSetting, ByBand), (DriftSetting, ByDrift), (CompareSetting, ByDisagreement)];
        foreach (var (setting, reason) in needs)
        {
            if (section.Has(setting) && !when.Contains(reason)) section.Problem(setting, $"needs '{reason}' in 'when'");
        }

        return new(name, section.Get(FolderSetting), new(when.Count == 0 ? [ByRule] : when), (from, to), section.Get(DriftSetting),
            section.Get(MibSetting), section.Get(FilesSetting), section.Get(HourSetting), section.Get(PauseSetting),
            PictureForm.Read(section, isWanted: true, FolderSetting)!)
        { Compare = section.Get(CompareSetting) };
    }
}

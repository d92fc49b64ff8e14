using ResNetEdge.Naming;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Schedules;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Rules;

/// <summary>What the configuration says of one rule. Equal when everything in it is; then a reload keeps the rule's state.</summary>
/// <param name="Name">Name of the rule; no two rules share one.</param>
/// <param name="Labels">Classes; the most probable of them in a frame counts.</param>
/// <param name="Threshold">A frame with at least this probability speaks for turning on.</param>
/// <param name="Release">Once on, a frame with at least this probability speaks for staying on; at most <paramref name="Threshold"/>.</param>
/// <param name="Frames">So many of the last <paramref name="Of"/> frames must speak for it.</param>
/// <param name="Of">1 to 64.</param>
/// <param name="Hold">Once on, at least so long.</param>
/// <param name="Quiet">Once off, at least so long.</param>
/// <param name="Actions">Names of outputs.</param>
internal sealed record RuleSettings(
    string Name, EqualList<string> Labels, double Threshold, double Release, int Frames, int Of, TimeSpan Hold, TimeSpan Quiet,
    EqualList<string> Actions)
{
    /// <summary>Longest window, in frames: a bit each.</summary>
    public const int MaxWindow = 64;

    private static readonly Setting<string> NameSetting = Settings.Text("name", "Name of the rule in events, logs and metrics.");
    private static readonly Setting<IReadOnlyList<string>> LabelSetting = Settings.Texts("label", "Class that the rule watches, spelled as in the "
        + "model's labels; of a list, the most probable one counts. For a model without labels, a class number from 0.");
    private static readonly Setting<double> ThresholdSetting =
        Settings.Number("threshold", "Probability that a frame must reach to count towards turning on.", 0, 1);
    private static readonly Setting<double?> ReleaseSetting = Settings.OptionalNumber("release", "Probability that a frame must reach to count "
        + "towards staying on; lower than threshold, so that a fluctuating value does not switch. Default: threshold.", 0, 1);
    private static readonly Setting<int> FramesSetting =
        Settings.Int("frames", "How many of the last 'of' frames must count, for turning on and for staying on.", 1, 1, MaxWindow);
    private static readonly Setting<int?> OfSetting =
        Settings.OptionalInt("of", "Length of the window in which 'frames' counts.", "the same as frames", 1, MaxWindow);
    private static readonly Setting<TimeSpan> HoldSetting =
        Settings.Duration("hold_ms", "Once on, the rule stays on for at least this long.", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(24));
    private static readonly Setting<TimeSpan> QuietSetting =
        Settings.Duration("quiet_ms", "Once off, the rule stays off for at least this long.", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(24));
    private static readonly Setting<IReadOnlyList<string>> ActionsSetting =
        Settings.Texts("actions", "Names of the outputs to notify when the rule turns on or off.");

    private static readonly Setting<IReadOnlyList<string>> CameraSetting = CameraChoice.Setting("Names of the cameras that the rule watches; "
        + "default: all. Each is watched apart: the rule turns on and off for one camera at a time, and the event names it.");

    /// <summary>The keys of the section <c>rules</c>.</summary>
    public static Schema Schema { get; } = new("rules", "When a class counts as seen, and which outputs are notified.",
        [NameSetting, LabelSetting, ThresholdSetting, ReleaseSetting, FramesSetting, OfSetting, HoldSetting, QuietSetting, CameraSetting,
            ActionsSetting, ActiveTimes.Setting, ArmedBySettings.Setting, AtMost.Setting]);

    /// <summary>Those that it watches.</summary>
    public CameraChoice Cameras { get; init; } = CameraChoice.All;

    /// <summary>When it is decided.</summary>
    public ActiveTimes Active { get; init; } = ActiveTimes.Always;

    /// <summary>What arms it; null: it is always armed.</summary>
    public ArmedBySettings? ArmedBy { get; init; }

    /// <summary>How often people are told; null: always.</summary>
    public AtMost? AtMost { get; init; }

    /// <summary>Where the name stands.</summary>
    public FileLine NameLine { get; init; }

    /// <summary>Where the actions stand.</summary>
    public FileLine ActionsLine { get; init; }

    /// <summary>Reads one rule; what does not go together is noted as a problem.</summary>
    public static RuleSettings Read(YamlMapping mapping, Place place)
    {
        var section = new Section(mapping, place, Schema);
        var labels = section.Get(LabelSetting);
        if (labels.Count == 0) section.Problem(LabelSetting, $"is missing: {LabelSetting.Help}");
        double threshold = section.Get(ThresholdSetting);
        double release = section.Get(ReleaseSetting) ?? threshold;
        if (release > threshold)
            section.Problem(ReleaseSetting, $"is above threshold: {release} > {threshold}; a rule is released at the threshold or below it");
        int frames = section.Get(FramesSetting);
        int of = section.Get(OfSetting) ?? frames;
        if (of < frames) section.Problem(OfSetting, $"is below frames: {of} < {frames}; no window holds more frames than its length");
        return new RuleSettings(section.Get(NameSetting), new(labels), threshold, release, frames, of, section.Get(HoldSetting),
            section.Get(QuietSetting), new(section.Get(ActionsSetting)))
        {
            Cameras = CameraChoice.Read(section, CameraSetting),
            Active = ActiveTimes.Read(section),
            ArmedBy = ArmedBySettings.Read(section),
            AtMost = AtMost.Read(section),
            NameLine = section.LineOf(NameSetting),
            ActionsLine = section.LineOf(ActionsSetting),
        };
    }

    /// <summary>Whether it watches a camera.</summary>
    /// <param name="camera">Its name; null: the one that has none.</param>
    public bool Watches(string? camera) => Cameras.Has(camera);

    /// <summary>Notes rules that no look can turn on.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="frames">That a look has.</param>
    /// <param name="place">Of the file.</param>
    public static void CheckFrames(IReadOnlyList<RuleSettings> rules, int frames, Place place)
    {
        foreach (var rule in rules.Where(r => r.Frames > frames))
            place.Add(rule.NameLine.Number, $"rule '{rule.Name}' needs {rule.Frames} frames and a look has {frames}: set 'looks.frames'");
    }

    /// <summary>The rules with the place of the device where they need it; notes those that need it and do not have it.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="position">Of the device; null: not said.</param>
    /// <param name="place">Of the file.</param>
    public static IReadOnlyList<RuleSettings> At(IReadOnlyList<RuleSettings> rules, Position? position, Place place)
    {
        foreach (var rule in rules.Where(r => r.Active.NeedsPosition && position is null))
            place.Add(rule.NameLine.Number, $"rule '{rule.Name}' needs 'latitude' and 'longitude' to know when the sun rises and sets");
        return [.. rules.Select(r => r.Active.NeedsPosition ? r with { Active = r.Active with { Position = position ?? default } } : r)];
    }

    /// <summary>Notes names that two rules share and actions that no output answers to.</summary>
    /// <param name="rules">All of the file.</param>
    /// <param name="outputs">Names of all outputs of the file.</param>
    /// <param name="place">Of the file.</param>
    public static void Check(IReadOnlyList<RuleSettings> rules, IReadOnlyCollection<string> outputs, Place place)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (rules.Take(i).FirstOrDefault(r => r.Name == rule.Name) is { } first)
                place.Add(rule.NameLine.Number, $"rule '{rule.Name}' occurs twice, first in line {first.NameLine.Number}");
            foreach (string action in rule.Actions.Where(a => !outputs.Contains(a)))
                place.Add(rule.ActionsLine.Number, $"rule '{rule.Name}' names the unknown output '{action}'; {Spelling.Suggestion(action, outputs)}");
        }
    }
}

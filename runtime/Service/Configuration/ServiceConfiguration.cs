using ResNetEdge.Engines;
using ResNetEdge.Service.Arming;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Outputs.Mqtt;
using ResNetEdge.Service.Pacing;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Schedules;
using ResNetEdge.Service.Telemetry;
using ResNetEdge.Service.Triggers;
using ResNetEdge.Service.Watch;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Configuration;

/// <summary>Everything that a service is told: one YAML file.</summary>
/// <param name="StateFolder">Where queues and the last good model lie; null: where systemd says.</param>
/// <param name="Model">The network.</param>
/// <param name="Cameras">Where frames come from: at least one; the only one may have no name.</param>
/// <param name="Rules">What becomes of results.</param>
/// <param name="Outputs">Where it goes.</param>
/// <param name="Budget">Deadline and heat.</param>
/// <param name="Watch">Metrics and live page.</param>
/// <param name="Telemetry">Metrics pushed.</param>
/// <param name="Triggers">Who asks for a look; none: it always looks.</param>
/// <param name="Looks">How it looks when it is asked.</param>
internal sealed record ServiceConfiguration(
    string? StateFolder, ModelSettings Model, IReadOnlyList<CameraSettings> Cameras, IReadOnlyList<RuleSettings> Rules,
    IReadOnlyList<SinkSettings> Outputs,
    BudgetSettings Budget, WatchSettings Watch,
    TelemetrySettings Telemetry, IReadOnlyList<TriggerSettings> Triggers, LookSettings Looks)
{
    /// <summary>Names of the cameras; empty where the only one has none, and nothing names it.</summary>
    public IReadOnlyList<string> CameraNames => [.. Cameras.Select(static c => c.Name).OfType<string>()];

    /// <summary>How often a frame of each camera is run at another level of the ladder too; null: never.</summary>
    public TimeSpan? CompareEvery { get; } = Outputs.Min(static o => o.ComparesEvery);

    private static readonly Setting<string?> StateSetting = Settings.OptionalText(
        "state_folder", "Folder for queues and the copy of the last good model; default: the one that systemd provides (StateDirectory).");
    private static readonly Setting<ModelSettings> ModelSetting = Settings.Inner("model", ModelSettings.Schema, null, ModelSettings.Read);
    private static readonly Setting<CameraSettings?> CameraSetting =
        Settings.OptionalInner("camera", CameraSettings.Schema, "either it or 'cameras' is required", CameraSettings.Read);
    private static readonly Setting<IReadOnlyList<CameraSettings>> CamerasSetting =
        Settings.List("cameras", CameraSettings.ListSchema, CameraSettings.Read);
    private static readonly Setting<IReadOnlyList<RuleSettings>> RulesSetting = Settings.List("rules", RuleSettings.Schema, RuleSettings.Read);
    private static readonly Setting<IReadOnlyList<SinkSettings>> OutputsSetting = Settings.List("outputs", SinkTable.Schema, SinkTable.Read);
    private static readonly Setting<BudgetSettings> BudgetSetting =
        Settings.Inner("budget", BudgetSettings.Schema, BudgetSettings.None, BudgetSettings.Read);
    private static readonly Setting<WatchSettings> WatchSetting =
        Settings.Inner("watch", WatchSettings.Schema, WatchSettings.None, WatchSettings.Read);
    private static readonly Setting<TelemetrySettings> TelemetrySetting =
        Settings.Inner("telemetry", TelemetrySettings.Schema, TelemetrySettings.None, TelemetrySettings.Read);

    private static readonly Setting<IReadOnlyList<TriggerSettings>> TriggersSetting =
        Settings.List("triggers", TriggerTable.Schema, TriggerTable.Read);
    private static readonly Setting<LookSettings> LooksSetting = Settings.Inner("looks", LookSettings.Schema, LookSettings.Default,
        LookSettings.Read);

    private static readonly Setting<double?> LatitudeSetting = Settings.OptionalNumber("latitude",
        "Where the device is, in degrees, north positive; for rules that are active from sunrise or sunset.", -90, 90);
    private static readonly Setting<double?> LongitudeSetting = Settings.OptionalNumber("longitude", "The same, east positive.", -180, 180);

    /// <summary>The whole file.</summary>
    public static Schema Schema { get; } = new(
        "service", "Configuration of 'resnetedge-service run --service'.",
        [ModelSetting, CameraSetting, CamerasSetting, RulesSetting, OutputsSetting, TriggersSetting, LooksSetting, BudgetSetting, WatchSetting,
            TelemetrySetting, LatitudeSetting, LongitudeSetting, StateSetting]);

    /// <summary>Reads and checks a file; every problem is told, each with its line.</summary>
    /// <exception cref="EdgeException">Exit 3.</exception>
    public static ServiceConfiguration Read(string path) => From(YamlTree.Read(path), path);

    /// <summary>Checks a file that was read.</summary>
    /// <exception cref="EdgeException">Exit 3.</exception>
    public static ServiceConfiguration From(YamlMapping root, string file)
    {
        var place = new Place(file, "", []);
        var section = new Section(root, place, Schema);
        var cameras = CamerasOf(section, place);
        var configuration = new ServiceConfiguration(
            section.Get(StateSetting), section.Get(ModelSetting), cameras, section.Get(RulesSetting), section.Get(OutputsSetting),
            section.Get(BudgetSetting), section.Get(WatchSetting),
            section.Get(TelemetrySetting), section.Get(TriggersSetting), section.Get(LooksSetting));
        foreach (var twice in configuration.Outputs.GroupBy(o => o.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            section.Problem(OutputsSetting, $"has two outputs named '{twice.Key}'");
        var (latitude, longitude) = (section.Get(LatitudeSetting), section.Get(LongitudeSetting));
        if (latitude is null != longitude is null)
            section.Problem(latitude is null ? LongitudeSetting : LatitudeSetting, "needs both 'latitude' and 'longitude'");
        Position? position = latitude is { } north && longitude is { } east ? new Position(north, east) : null;
        configuration = configuration with { Rules = RuleSettings.At(configuration.Rules, position, place) };
        var (rules, names) = (configuration.Rules, configuration.CameraNames);
        ArmingSettings.Check(rules, configuration.Outputs, place);
        RuleSettings.Check(rules, [.. configuration.Outputs.Select(o => o.Name)], place);
        foreach (var rule in rules) rule.Cameras.Check("rule", rule.Name, names, place);
        foreach (var trigger in configuration.Triggers) trigger.Cameras.Check("trigger", trigger.Name, names, place);
        if (configuration.Outputs.Any(static o => o is MqttSettings)) MqttSettings.CheckTopics(rules, place);
        if (configuration.Triggers.Count > 0) RuleSettings.CheckFrames(rules, configuration.Looks.Frames, place);
        configuration.CheckThreads(place);
        place.ThrowIfAny();
        return configuration with
        {
            Model = configuration.Model with { CameraThreads = new([.. cameras.Select(c => c.Threads ?? configuration.Model.Threads)]) },
            Outputs = [.. configuration.Outputs.Select(output => output.For(rules, names))],
        };
    }

    // Several problems may stand in either, so that both are read.
    private static IReadOnlyList<CameraSettings> CamerasOf(Section section, Place place)
    {
        var (one, several) = (section.Get(CameraSetting), section.Get(CamerasSetting));
        bool isOne = section.Has(CameraSetting), isSeveral = section.Has(CamerasSetting);
        if (isOne && isSeveral) section.Problem(CamerasSetting, "cannot be combined with 'camera': name every camera in the list 'cameras'");
        if (!isOne && !isSeveral)
            section.Problem(CameraSetting, $"is missing: {CameraSettings.Schema.Help} For several cameras, give the list 'cameras' instead.");
        if (!isSeveral || one is not null) return one is null ? [] : [one];
        if (several.Count == 0) section.Problem(CamerasSetting, "has no camera: give at least one, or the section 'camera' instead");
        CameraSettings.CheckNames(several, place);
        return several;
    }

    // ONNX Runtime has one pool of threads for a model, and 'auto' may choose it.
    private void CheckThreads(Place place)
    {
        if (Model is null || Model.Engine == FusedEngine.EngineName) return;
        foreach (var camera in Cameras.Where(c => c.Threads is { } own && own != Model.Threads))
        {
            place.Add(camera.ThreadsLine.Number,
                $"threads of camera '{camera.Name}' need 'engine: {FusedEngine.EngineName}': with engine '{Model.Engine}' all cameras have "
                + "model.threads");
        }
    }
}

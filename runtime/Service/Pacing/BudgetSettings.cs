using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Pacing;

/// <summary>What the configuration says of deadlines and heat.</summary>
/// <param name="Latency">From the camera's shutter to the result; null: there is no deadline.</param>
/// <param name="MaxCelsius">At or above it the service steps down; null: heat is only watched.</param>
/// <param name="MarginCelsius">So far below it has to be before the service steps up again.</param>
/// <param name="Window">Frames that are looked at.</param>
/// <param name="Misses">So many late ones among them step down.</param>
/// <param name="Calm">Without a miss and cool for so long before a step up.</param>
/// <param name="HeatPause">Between two steps for heat: silicon needs time to cool.</param>
/// <param name="MaxLevel">Deepest level of the package's ladder that may be used.</param>
/// <param name="MaxDivisor">At the most every Nth frame is run.</param>
internal sealed record BudgetSettings(
    TimeSpan? Latency, double? MaxCelsius, double MarginCelsius, int Window, int Misses, TimeSpan Calm, TimeSpan HeatPause,
    int MaxLevel, int MaxDivisor)
{
    private static readonly Setting<double?> LatencySetting =
        Settings.OptionalNumber("latency_ms", "Deadline from the camera's shutter to the result, in milliseconds.", 0.01, 3_600_000);
    private static readonly Setting<double?> CelsiusSetting = Settings.OptionalNumber("max_celsius",
        "Temperature of the hottest zone at which the service steps down; it also does so when the machine reports throttling.", 0, 150);
    private static readonly Setting<double> MarginSetting = Settings.Number(
        "margin_celsius", "How many degrees below max_celsius the temperature must fall before the service steps up again.", 5, 0.5, 50);
    private static readonly Setting<int> WindowSetting =
        Settings.Int("window", "Number of recent frames examined for missed deadlines.", 30, 1, 1000);
    private static readonly Setting<int> MissesSetting =
        Settings.Int("misses", "Number of late frames among them that makes the service step down.", 6, 1, 1000);
    private static readonly Setting<TimeSpan> CalmSetting = Settings.Duration("calm_s",
        "The service steps up after this long without a missed deadline and below the temperature; doubled each time that a step up did not last.",
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1));
    private static readonly Setting<TimeSpan> PauseSetting = Settings.Duration(
        "heat_pause_s", "Minimum time between two steps for heat.", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1));
    private static readonly Setting<int> LevelSetting =
        Settings.Int("max_level", "Deepest level of the package's ladder that may be used; 0 never hides a block.", 64, 0, 1000);
    private static readonly Setting<int> DivisorSetting = Settings.Int(
        "max_divisor", "After the last level only every 2nd, 4th, ... frame is run, at most every Nth; 1 never skips a frame.", 8, 1, 1024);

    /// <summary>The keys of the section <c>budget</c>.</summary>
    public static Schema Schema { get; } = new(
        "budget", "Deadline and heat: when they are exceeded, residual blocks are hidden (pruned) by the package's ladder, then frames are skipped.",
        [LatencySetting, CelsiusSetting, MarginSetting, WindowSetting, MissesSetting, CalmSetting, PauseSetting, LevelSetting, DivisorSetting]);

    /// <summary>Nothing but watching.</summary>
    public static BudgetSettings None { get; } = new(
        null, null, MarginSetting.FallbackValue, WindowSetting.FallbackValue, MissesSetting.FallbackValue, CalmSetting.FallbackValue,
        PauseSetting.FallbackValue,
        LevelSetting.FallbackValue, DivisorSetting.FallbackValue);

    /// <summary>Reads the section <c>budget</c>; problems are added to its place.</summary>
    public static BudgetSettings Read(Section section)
    {
        if (section.Get(MissesSetting) > section.Get(WindowSetting))
            section.Problem(MissesSetting, $"is more than the {section.Get(WindowSetting)} frames of 'window'");
        return new BudgetSettings(
            section.Get(LatencySetting) is { } ms ? TimeSpan.FromMilliseconds(ms) : null, section.Get(CelsiusSetting), section.Get(MarginSetting),
            section.Get(WindowSetting),
            section.Get(MissesSetting), section.Get(CalmSetting), section.Get(PauseSetting), section.Get(LevelSetting), section.Get(DivisorSetting));
    }
}

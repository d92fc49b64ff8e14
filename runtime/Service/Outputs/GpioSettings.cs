using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>A GPIO line that is active while a rule is on. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Address">Which line.</param>
/// <param name="IsActiveLow">Active is the low level.</param>
/// <param name="Hold">Once active, at least so long.</param>
/// <param name="Debounce">Between two changes at least so long.</param>
/// <param name="Pulse">Active so long and then inactive again; null: as long as the rule is on.</param>
/// <param name="Safe">What the line is when the service ends.</param>
internal sealed record GpioSettings(
    string Name, GpioAddress Address, bool IsActiveLow, TimeSpan Hold, TimeSpan Debounce, TimeSpan? Pulse,
    SafeState Safe) : SinkSettings(Name, TypeName)
{
    private const string TypeName = "gpio";
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly Setting<bool> ActiveLowSetting = Settings.Bool("active_low", "The low level is the active one.", false);
    private static readonly Setting<TimeSpan> HoldSetting =
        Settings.Duration("hold_ms", "Once active, the line stays active for at least this long.", TimeSpan.Zero, TimeSpan.Zero, Longest);
    private static readonly Setting<TimeSpan> DebounceSetting =
        Settings.Duration("debounce_ms", "Minimum time between two changes of the line.", TimeSpan.Zero, TimeSpan.Zero, Longest);
    private static readonly Setting<TimeSpan> PulseSetting = Settings.Duration(
        "pulse_ms", "Each time a rule turns on, the line is active for this long and then inactive again; 0: for as long as a rule is on.",
        TimeSpan.Zero, TimeSpan.Zero, Longest);
    private static readonly Setting<SafeState> SafeSetting =
        Settings.Choice("safe", "State of the line when the service ends: inactive, active, or unchanged. "
            + "If the program is killed, the kernel releases the line, and its resistors decide.",
            "off", ("off", SafeState.Off), ("on", SafeState.On), ("keep", SafeState.Keep));

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A GPIO line that is active while a rule is on.",
            [.. LineSettings.All, ActiveLowSetting, HoldSetting, DebounceSetting, PulseSetting, SafeSetting]), Read);

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => new GpioSink(this, context, GpioCalls.Kernel);

    private static GpioSettings Read(string name, Section section)
    {
        var address = LineSettings.Read(section);
        var (hold, pulse) = (section.Get(HoldSetting), section.Get(PulseSetting));
        if (hold > TimeSpan.Zero && pulse > TimeSpan.Zero)
            section.Problem(PulseSetting, "cannot be combined with 'hold_ms': a pulse has its own length");
        return new(name, address, section.Get(ActiveLowSetting), hold, section.Get(DebounceSetting),
            pulse > TimeSpan.Zero ? pulse : null, section.Get(SafeSetting));
    }
}

/// <summary>What a line is when the service ends.</summary>
internal enum SafeState
{
    /// <summary>The line is inactive.</summary>
    Off,

    /// <summary>The line is active.</summary>
    On,

    /// <summary>As it was.</summary>
    Keep,
}

using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Outputs;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Triggers;

/// <summary>A button or a motion detector on a GPIO line. Equal when everything in it is.</summary>
/// <param name="Name">In logs and answers.</param>
/// <param name="Address">Which line.</param>
/// <param name="IsActiveLow">Active is the low level.</param>
/// <param name="Bias">What pulls the line.</param>
/// <param name="Edges">Changes that ask.</param>
/// <param name="Debounce">A level counts after so long.</param>
internal sealed record GpioTriggerSettings(
    string Name, GpioAddress Address, bool IsActiveLow, GpioBias Bias, GpioEdges Edges, TimeSpan Debounce) : TriggerSettings(Name, TypeName)
{
    private const string TypeName = "gpio";

    private static readonly Setting<bool> ActiveLowSetting = Settings.Bool("active_low",
        "The low level is the active one, as of a button to ground.", false);
    private static readonly Setting<GpioBias> PullSetting = Settings.Choice("pull",
        "Resistor of the chip that pulls the line: to the supply, to ground, none, or what is set already.", "as_is",
        ("as_is", GpioBias.AsIs), ("up", GpioBias.PullUp), ("down", GpioBias.PullDown), ("off", GpioBias.Off));
    private static readonly Setting<GpioEdges> EdgeSetting = Settings.Choice("edge",
        "Changes that ask for a look: to active, to inactive, or both.", "active",
        ("active", GpioEdges.Rising), ("inactive", GpioEdges.Falling), ("both", GpioEdges.Both));
    private static readonly Setting<TimeSpan> DebounceSetting = Settings.Duration("debounce_ms",
        "A level counts after it has lasted this long; a button bounces for some milliseconds. The kernel measures it.",
        TimeSpan.FromMilliseconds(20), TimeSpan.Zero, TimeSpan.FromSeconds(10));

    /// <summary>Its line in the table.</summary>
    public static TriggerKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A GPIO line that a button, a motion detector or a door contact changes.",
            [.. LineSettings.All, ActiveLowSetting, PullSetting, EdgeSetting, DebounceSetting]), Read);

    /// <inheritdoc/>
    public override IDisposable Open(TriggerContext context) => new GpioTrigger(this, context, GpioCalls.Kernel);

    private static GpioTriggerSettings Read(string name, Section section) => new(
        name, LineSettings.Read(section), section.Get(ActiveLowSetting), section.Get(PullSetting), section.Get(EdgeSetting),
        section.Get(DebounceSetting));
}

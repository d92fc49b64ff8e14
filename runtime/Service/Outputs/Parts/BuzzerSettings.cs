using System.Device.Pwm;
using ResNetEdge.Device;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A buzzer without a tone of its own. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Place">Its PWM channel.</param>
/// <param name="Hertz">Of the tone.</param>
/// <param name="Beeps">Each time that a rule turns on; 0: one tone for as long as a rule is on.</param>
/// <param name="Beep">Length of a beep and of the pause after it.</param>
internal sealed record BuzzerSettings(string Name, PwmPlace Place, int Hertz, int Beeps, TimeSpan Beep) : SinkSettings(Name, TypeName)
{
    /// <summary>Share of the period that sounds loudest.</summary>
    public const double Share = 0.5;

    private const string TypeName = "buzzer";

    private static readonly Setting<int> HertzSetting = Settings.Int("hertz", "Pitch of the tone.", 2000, 20, 20_000);
    private static readonly Setting<int> BeepsSetting = Settings.Int(
        "beeps", "Number of beeps each time that a rule turns on; 0: a tone for as long as a rule is on.", 1, 0, 100);
    private static readonly Setting<TimeSpan> BeepSetting = Settings.Duration("beep_ms", "Length of a beep and of the pause after it.",
        TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10));

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A passive buzzer on a PWM channel, which sounds when a rule turns on. It is silent when the service ends.",
            [.. PwmPlace.All, HertzSetting, BeepsSetting, BeepSetting]), Read);

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => Open(context, PwmPlace.Kernel);

    /// <summary>Opens it on a channel.</summary>
    internal PartSink Open(SinkContext context, Func<PwmPlace, int, double, PwmChannel> open) =>
        new(this, context, TimeSpan.Zero, () => new BuzzerPart(open(Place, Hertz, Share), this, context.Time.Now));

    private static BuzzerSettings Read(string name, Section section) =>
        new(name, PwmPlace.Read(section), section.Get(HertzSetting), section.Get(BeepsSetting), section.Get(BeepSetting));
}

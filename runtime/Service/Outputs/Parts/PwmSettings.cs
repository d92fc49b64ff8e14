using System.Device.Pwm;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A dimmed lamp by rules, or a fan by temperature. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Place">Its PWM channel.</param>
/// <param name="Hertz">Periods per second.</param>
/// <param name="On">Share while a rule is on; of a fan, from <paramref name="Full"/> on.</param>
/// <param name="Off">Share otherwise; of a fan, below <paramref name="From"/>.</param>
/// <param name="From">Temperature in degrees Celsius from which it rises; null: by rules.</param>
/// <param name="Full">Temperature at which it is full.</param>
/// <param name="Safe">Share when the service ends.</param>
internal sealed record PwmSettings(string Name, PwmPlace Place, int Hertz, double On, double Off, double? From, double Full, double Safe)
    : SinkSettings(Name, TypeName)
{
    private const string TypeName = "pwm";
    private const double Hottest = 150, FullAbove = 20;

    private static readonly Setting<int> HertzSetting = Settings.Int("hertz", "Frequency; fans with four wires want 25000.", 1000, 1, 1_000_000);
    private static readonly Setting<double> OnSetting = Settings.Number("on", "Share of the full power while a rule is on.", 1, 0, 1);
    private static readonly Setting<double> OffSetting = Settings.Number("off", "Share of the full power otherwise.", 0, 0, 1);
    private static readonly Setting<double?> FromSetting = Settings.OptionalNumber("from_celsius",
        "For a fan: the power rises from 'off' at this temperature of "
        + "the hottest zone to 'on' at full_celsius; without a sensor it is 'on'. Rules are not followed then.", 0, Hottest);
    private static readonly Setting<double?> FullSetting =
        Settings.OptionalNumber("full_celsius", $"For a fan: the temperature of 'on'; default: {FullAbove} above from_celsius.", 0, Hottest);
    private static readonly Setting<double?> SafeSetting = Settings.OptionalNumber(
        "safe", "Share of the full power when the service ends; default: 'off', and for a fan 'on'. 0 gives the channel back.", 0, 1);

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A PWM channel: a lamp that is dimmed by rules, or a fan that follows the temperature.",
            [.. PwmPlace.All, HertzSetting, OnSetting, OffSetting, FromSetting, FullSetting, SafeSetting]), Read);

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => Open(context, PwmPlace.Kernel);

    /// <summary>Opens it on a channel.</summary>
    internal PartSink Open(SinkContext context, Func<PwmPlace, int, double, PwmChannel> open) =>
        new(this, context, TimeSpan.Zero, () => new PwmPart(open(Place, Hertz, Off), this, context.Celsius));

    /// <summary>The share for a temperature.</summary>
    /// <param name="celsius">Null: no sensor answers.</param>
    public double ShareAt(double? celsius) =>
        From is { } from && celsius is { } hot ? Off + ((On - Off) * Math.Clamp((hot - from) / (Full - from), 0, 1)) : On;

    private static PwmSettings Read(string name, Section section)
    {
        double? from = section.Get(FromSetting), full = section.Get(FullSetting);
        var (on, off) = (section.Get(OnSetting), section.Get(OffSetting));
        if (from is null && full is not null) section.Problem(FullSetting, "needs 'from_celsius'");
        if (full <= from) section.Problem(FullSetting, $"must be more than 'from_celsius', {from}");
        return new(name, PwmPlace.Read(section), section.Get(HertzSetting), on, off, from, full ?? (from ?? 0) + FullAbove,
            section.Get(SafeSetting) ?? (from is null ? off : on));
    }
}

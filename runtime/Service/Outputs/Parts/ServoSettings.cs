using System.Device.Pwm;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A servo that turns while a rule is on. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Place">Its PWM channel.</param>
/// <param name="On">Angle while a rule is on, in degrees.</param>
/// <param name="Off">Angle otherwise.</param>
/// <param name="Range">Angle of the longest pulse; 0 is that of the shortest.</param>
/// <param name="ShortestUs">Pulse in microseconds.</param>
/// <param name="LongestUs">Pulse in microseconds.</param>
internal sealed record ServoSettings(string Name, PwmPlace Place, double On, double Off, double Range, int ShortestUs, int LongestUs)
    : SinkSettings(Name, TypeName)
{
    /// <summary>Pulses per second, which every servo takes.</summary>
    public const int Hertz = 50;

    private const string TypeName = "servo";
    private const double MostDegrees = 360;

    private static readonly Setting<double> OnSetting = Settings.Number("on_degrees", "Angle while a rule is on.", 90, 0, MostDegrees);
    private static readonly Setting<double> OffSetting =
        Settings.Number("off_degrees", "Angle otherwise, and when the service ends.", 0, 0, MostDegrees);
    private static readonly Setting<double> RangeSetting = Settings.Number("range_degrees", "Angle of the longest pulse.", 180, 1, MostDegrees);
    private static readonly Setting<int> ShortestSetting =
        Settings.Int("shortest_us", "Length of the pulse for 0 degrees, in microseconds.", 1000, 100, 10_000);
    private static readonly Setting<int> LongestSetting =
        Settings.Int("longest_us", "Length of the pulse for range_degrees, in microseconds.", 2000, 100, 10_000);

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A servo on a PWM channel that turns while a rule is on.",
            [.. PwmPlace.All, OnSetting, OffSetting, RangeSetting, ShortestSetting, LongestSetting]), Read);

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => Open(context, PwmPlace.Kernel);

    /// <summary>Opens it on a channel.</summary>
    internal PartSink Open(SinkContext context, Func<PwmPlace, int, double, PwmChannel> open) =>
        new(this, context, TimeSpan.Zero, () => new ServoPart(open(Place, Hertz, 0), this));

    private static ServoSettings Read(string name, Section section)
    {
        var settings = new ServoSettings(name, PwmPlace.Read(section), section.Get(OnSetting), section.Get(OffSetting), section.Get(RangeSetting),
            section.Get(ShortestSetting), section.Get(LongestSetting));
        if (settings.LongestUs <= settings.ShortestUs) section.Problem(LongestSetting, $"must be more than 'shortest_us', {settings.ShortestUs}");
        foreach (var setting in new[] { OnSetting, OffSetting })
        {
            if (section.Get(setting) > settings.Range) section.Problem(setting, $"must be at most 'range_degrees', {settings.Range}");
        }

        return settings;
    }
}

using System.Device.Spi;
using System.Drawing;
using System.Globalization;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A strip of coloured lights. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Chip">Of each light.</param>
/// <param name="Bus">Number of the SPI bus.</param>
/// <param name="ChipSelect">Of the bus.</param>
/// <param name="Count">Of lights.</param>
/// <param name="Brightness">Share of each colour's full light, 0 to 1.</param>
/// <param name="IsBar">As many are lit as the score says.</param>
/// <param name="Colors">By name of a rule or label, as the configuration has them.</param>
/// <param name="On">Colour of a rule that has none of its own.</param>
/// <param name="Idle">Colour when no rule is on and the label has none.</param>
internal sealed record LedsSettings(
    string Name, LedKind Chip, int Bus, int ChipSelect, int Count, double Brightness, bool IsBar, EqualList<NamedColor> Colors, Color On,
    Color Idle) : SinkSettings(Name, TypeName)
{
    private const string TypeName = "leds";
    private const string ColorExample = "six hexadecimal digits such as ff8000";
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(20);

    private static readonly Setting<LedKind> KindSetting =
        Settings.Choice("chip", "Chip of the lights.", "ws2812", ("ws2812", LedKind.Ws2812), ("apa102", LedKind.Apa102));
    private static readonly Setting<int> BusSetting =
        Settings.Int("bus", "Number of the SPI bus: 0 with chip_select 0 is /dev/spidev0.0.", 0, 0, 255);
    private static readonly Setting<int> SelectSetting = Settings.Int("chip_select",
        "Chip select of the bus; the line itself need not be connected.", 0, 0, 255);
    private static readonly Setting<int> CountSetting = Settings.Int(
        "count", $"Number of lights; at most {LedStrip.MostApa102} of apa102.", 8, 1, LedStrip.MostWs2812);
    private static readonly Setting<double> BrightnessSetting =
        Settings.Number("brightness", "Share of the full light, which is blinding.", 0.2, 0, 1);
    private static readonly Setting<bool> BarSetting = Settings.Bool("bar", "As many lights are lit as the score of what is seen says.", false);
    private static readonly Setting<IReadOnlyList<string>> ColorsSetting = Settings.Texts("colors",
        "Colours by name of a rule or a label, such as 'door=ff8000'; the rule that turned on last comes first, then the label.");
    private static readonly Setting<string> OnSetting = Settings.Text("on_color", "Colour of a rule without one of its own.", "00ff00");
    private static readonly Setting<string> IdleSetting = Settings.Text("idle_color", "Colour when no rule is on and the label has none.", "000000");

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "Coloured lights (WS2812 or APA102 over SPI) by rule or label. They are dark when the service ends.",
            [KindSetting, BusSetting, SelectSetting, CountSetting, BrightnessSetting, BarSetting, ColorsSetting, OnSetting, IdleSetting]), Read);

    /// <inheritdoc/>
    public override bool WantsResults => true;

    /// <summary>The colour for what is known, at its brightness.</summary>
    public Color ColorOf(in PartView view)
    {
        var color = view.IsOn ? Find(view.RulesOn[^1]) ?? On : view.Label is { } label ? Find(label) ?? Idle : Idle;
        return Color.FromArgb(Scaled(color.R), Scaled(color.G), Scaled(color.B));
    }

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => Open(context, SpiDevice.Create);

    /// <summary>Opens it on a bus.</summary>
    internal PartSink Open(SinkContext context, Func<SpiConnectionSettings, SpiDevice> open) => new(this, context, LeastBetween, () =>
    {
        var bus = new SpiConnectionSettings(Bus, ChipSelect) { Mode = SpiMode.Mode0, DataBitLength = 8, ClockFrequency = LedStrip.ClockOf(Chip) };
        return new LedsPart(new LedStrip(open(bus), Chip, Count), this, context.Time);
    });

    private static LedsSettings Read(string name, Section section)
    {
        var colors = new List<NamedColor>();
        foreach (string text in section.Get(ColorsSetting))
        {
            int at = text.LastIndexOf('=');
            if (at > 0 && TryColor(text[(at + 1)..]) is { } color) colors.Add(new NamedColor(text[..at], color));
            else section.Problem(ColorsSetting, $"must be names with {ColorExample}, as in 'door=ff8000', not '{text}'");
        }

        var (kind, count) = (section.Get(KindSetting), section.Get(CountSetting));
        if (kind is LedKind.Apa102 && count > LedStrip.MostApa102)
            section.Problem(CountSetting, $"must be at most {LedStrip.MostApa102} for apa102, not {count}");
        return new(name, kind, section.Get(BusSetting), section.Get(SelectSetting), count, section.Get(BrightnessSetting), section.Get(BarSetting),
            new(colors), ReadColor(section, OnSetting), ReadColor(section, IdleSetting));
    }

    private static Color ReadColor(Section section, Setting<string> setting)
    {
        string text = section.Get(setting);
        if (TryColor(text) is { } color) return color;
        section.Problem(setting, $"must be {ColorExample}, not '{text}'");
        return default;
    }

    private static Color? TryColor(string text) =>
        text.Length == 6 && int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb)
            ? Color.FromArgb(rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF) : null;

    private Color? Find(string name) => Colors.FirstOrDefault(c => c.Name == name)?.Color;

    private int Scaled(byte light) => (int)Math.Round(light * Brightness);
}

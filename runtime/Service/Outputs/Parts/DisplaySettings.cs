using System.Device.I2c;
using System.Globalization;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A small display over I2C. Equal when everything in it is.</summary>
/// <param name="Name">By which rules name it.</param>
/// <param name="Bus">Number of the I2C bus.</param>
/// <param name="Address">Of the display on it.</param>
/// <param name="Controller">Its chip.</param>
/// <param name="Height">In dots.</param>
/// <param name="IsTurned">It hangs upside down.</param>
/// <param name="Text">What its last row says; null: the machine's address.</param>
/// <param name="LeastBetween">Between two changes at least so long.</param>
internal sealed record DisplaySettings(
    string Name, int Bus, int Address, OledController Controller, int Height, bool IsTurned, string? Text,
    TimeSpan LeastBetween) : SinkSettings(Name, TypeName)
{
    private const string TypeName = "display";

    private static readonly Setting<int> BusSetting =
        Settings.Int("bus", "Number of the I2C bus: 1 is /dev/i2c-1, the one on a board's header.", 1, 0, 255);
    private static readonly Setting<int> AddressSetting =
        Settings.Choice("address", "Address of the display on the bus, as i2cdetect shows it.", "0x3c", ("0x3c", 0x3C), ("0x3d", 0x3D));
    private static readonly Setting<OledController> ControllerSetting = Settings.Choice(
        "controller", "Chip of the display.", "ssd1306", ("ssd1306", OledController.Ssd1306), ("sh1106", OledController.Sh1106));
    private static readonly Setting<int> HeightSetting =
        Settings.Choice("height", "Height of the display in dots; it is 128 wide.", "64", ("64", 64), ("32", 32));
    private static readonly Setting<bool> TurnedSetting = Settings.Bool("upside_down", "The display is mounted upside down.", false);
    private static readonly Setting<string?> TextSetting =
        Settings.OptionalText("text", "Last row of a display of 64 dots; default: the machine's address in the network.");
    private static readonly Setting<TimeSpan> RefreshSetting = Settings.Duration("refresh_ms", "Minimum time between two changes of the display.",
        TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1));

    /// <summary>Its line in the table.</summary>
    public static SinkKind Kind { get; } = new(
        TypeName, new Schema(
            TypeName, "A small display (SSD1306 or SH1106 over I2C) that shows what is seen, how sure the network is, the rules that name it "
            + "and are on, and the machine's address. Label and score disappear when there are no frames.",
            [BusSetting, AddressSetting, ControllerSetting, HeightSetting, TurnedSetting, TextSetting, RefreshSetting]), Read);

    /// <inheritdoc/>
    public override bool WantsResults => true;

    /// <inheritdoc/>
    public override ISink Open(SinkContext context) => Open(context, I2cDevice.Create);

    /// <summary>Opens it on a bus.</summary>
    internal PartSink Open(SinkContext context, Func<I2cConnectionSettings, I2cDevice> open)
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"the display at address 0x{Address:x2} of I2C bus {Bus}");
        return new PartSink(this, context, LeastBetween, () => new DisplayPart(
            new OledDisplay(open(new I2cConnectionSettings(Bus, Address)), Controller, Height, IsTurned), Height, where, Text, context.Time));
    }

    private static DisplaySettings Read(string name, Section section) => new(
        name, section.Get(BusSetting), section.Get(AddressSetting), section.Get(ControllerSetting), section.Get(HeightSetting),
        section.Get(TurnedSetting), section.Get(TextSetting), section.Get(RefreshSetting));
}

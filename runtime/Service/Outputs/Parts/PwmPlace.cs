using System.Device.Pwm;
using ResNetEdge.Iot;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A channel of a PWM chip. Equal when everything in it is.</summary>
/// <param name="Chip">Its folder's or its device's name.</param>
/// <param name="Channel">From 0.</param>
internal sealed record PwmPlace(string Chip, int Channel)
{
    private static readonly Setting<string> ChipSetting = Settings.Text("chip",
        "PWM chip: the name of its device, such as fe20c000.pwm, or its number as in "
        + "pwmchip0, which may change; /sys/class/pwm lists them.");
    private static readonly Setting<int> ChannelSetting = Settings.Int("channel", "Channel of the chip.", 0, 0, 255);

    /// <summary>Its settings, which stand beside the output's own.</summary>
    public static IReadOnlyList<Setting> All { get; } = [ChipSetting, ChannelSetting];

    /// <summary>Opens channels of the kernel.</summary>
    public static Func<PwmPlace, int, double, PwmChannel> Kernel { get; } =
        (place, hertz, share) => new LinuxPwmChannel(place.Chip, place.Channel, hertz, share);

    /// <summary>Reads them; problems are added to the section's place.</summary>
    public static PwmPlace Read(Section section) => new(section.Get(ChipSetting), section.Get(ChannelSetting));
}

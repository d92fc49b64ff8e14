using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Service.Outputs;

/// <summary>Which GPIO line.</summary>
internal static class LineSettings
{
    private static readonly Setting<string?> LineSetting =
        Settings.OptionalText("line", "Name of the line; 'resnetedge doctor' lists them. Chip numbers are not accepted, because they change.");
    private static readonly Setting<string?> ChipSetting =
        Settings.OptionalText("chip", "Label of the chip, if several chips have a line of that name or the line has no name.");
    private static readonly Setting<int?> OffsetSetting =
        Settings.OptionalInt("offset", "Number of the line on the chip, instead of its name.", "by name", 0, 4095);

    /// <summary>Name, chip and offset, which stand beside what else a line is configured by.</summary>
    public static IReadOnlyList<Setting> All { get; } = [LineSetting, ChipSetting, OffsetSetting];

    /// <summary>Reads them; problems are added to the section's place.</summary>
    public static GpioAddress Read(Section section)
    {
        string? line = section.Get(LineSetting), chip = section.Get(ChipSetting);
        int? offset = section.Get(OffsetSetting);
        if (line is null && (chip is null || offset is null)) section.Problem(LineSetting, "is missing: set the line's name, or 'chip' and 'offset'");
        if (line is not null && offset is not null)
            section.Problem(OffsetSetting, "cannot be combined with 'line': set either the name or the offset");
        return new GpioAddress(line, chip, offset);
    }
}

using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;

namespace ResNetEdge.Cli.Reports;

/// <summary>The GPIO lines of this machine.</summary>
/// <param name="Chips">That can be opened.</param>
/// <param name="Obstacles">One sentence for each that cannot.</param>
internal sealed record GpioReport(IReadOnlyList<GpioChipReport> Chips, IReadOnlyList<string> Obstacles)
{
    /// <summary>Examines this machine's GPIO chips.</summary>
    public static GpioReport Read()
    {
        var (chips, obstacles) = GpioChip.All(GpioCalls.Kernel);
        return new GpioReport(
            [.. chips.Select(c => new GpioChipReport(c.Path, c.Label, c.Lines.Count, [.. c.Lines.Where(l => l.Name.Length > 0 || l.IsUsed)
                .Select(l => new GpioLineReport(l.Offset, l.Name, l.IsUsed, l.Consumer, l.IsOutput))]))],
            [.. obstacles.Select(o => o.Message)]);
    }
}

/// <summary>A chip; of its lines those that have a name or a user.</summary>
internal sealed record GpioChipReport(string Path, string Label, int LineCount, IReadOnlyList<GpioLineReport> Lines);

/// <summary>A line of a chip.</summary>
internal sealed record GpioLineReport(int Offset, string Name, bool Used, string Consumer, bool Output)
{
    /// <inheritdoc/>
    public override string ToString() =>
        (Name.Length > 0 ? Name : Offset.ToString()) + (Used ? $" (used by {(Consumer.Length > 0 ? Consumer : "the kernel")})" : "");
}

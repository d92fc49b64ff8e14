using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Pins;

/// <summary>A chip with lines, as the kernel lists it.</summary>
/// <param name="Path">Of its device file; may be another one after it was unplugged.</param>
/// <param name="Label">Which hardware it is; stays.</param>
/// <param name="Lines">In the order of their places.</param>
internal sealed unsafe record GpioChip(string Path, string Label, IReadOnlyList<GpioLineInfo> Lines)
{
    // A chip has at most a few hundred lines; a count beyond that is not a chip's.
    private const uint MostLines = 4096;

    /// <summary>All chips that can be opened, and what stood in the way of the others.</summary>
    public static (IReadOnlyList<GpioChip> Chips, IReadOnlyList<GpioException> Obstacles) All(IGpioCalls calls)
    {
        var (chips, obstacles) = (new List<GpioChip>(), new List<GpioException>());
        foreach (string path in calls.Chips().Order(StringComparer.Ordinal))
        {
            try
            {
                chips.Add(Read(calls, path));
            }
            catch (GpioException e)
            {
                obstacles.Add(e);
            }
        }

        return (chips, obstacles);
    }

    /// <summary>Finds a line.</summary>
    /// <returns>The path of its chip and its place there.</returns>
    /// <exception cref="GpioException">There is none, or more than one.</exception>
    public static (string Path, int Offset) Find(IGpioCalls calls, GpioAddress address)
    {
        var (chips, obstacles) = All(calls);
        var found = (from chip in chips
                     where address.Chip is null || chip.Label == address.Chip
                     from line in chip.Lines
                     where address.Line is null ? line.Offset == address.Offset : line.Name == address.Line
                     select (chip, line)).ToList();
        if (found.Count == 1) return (found[0].chip.Path, found[0].line.Offset);
        if (found.Count > 1)
            throw new GpioException($"line {address} exists {found.Count} times, on "
                + $"{string.Join(" and ", found.Select(f => $"'{f.chip.Label}'").Distinct())}; set 'chip' and 'offset'", 0);
        if (obstacles.FirstOrDefault(o => o.IsPermission) is { } denied) throw denied; // it may be there
        throw new GpioException($"no line {address}; {Known(chips, obstacles)}", 0);
    }

    /// <summary>Number of lines of the chip with a label.</summary>
    /// <exception cref="GpioException">There is none.</exception>
    public static int LinesOf(IGpioCalls calls, string label)
    {
        var (chips, obstacles) = All(calls);
        if (chips.FirstOrDefault(c => c.Label == label) is { } chip) return chip.Lines.Count;
        if (obstacles.FirstOrDefault(o => o.IsPermission) is { } denied) throw denied; // it may be there
        throw new GpioException($"no chip '{label}'; {Known(chips, obstacles)}", 0);
    }

    private static string Known(IReadOnlyList<GpioChip> chips, IReadOnlyList<GpioException> obstacles)
    {
        if (chips.Count == 0) return obstacles.Count == 0 ? "this machine has no GPIO chip" : obstacles[0].Message;
        string[] names = [.. chips.SelectMany(c => c.Lines).Select(l => l.Name).Where(n => n.Length > 0).Take(12)];
        return $"the chips are {string.Join(", ", chips.Take(8).Select(c => $"'{c.Label}'"))}, "
            + (names.Length == 0 ? "whose lines have no names: set 'chip' and 'offset'" : $"with lines such as {string.Join(", ", names)}");
    }

    private static GpioChip Read(IGpioCalls calls, string path)
    {
        int fd = calls.Open(path);
        if (fd < 0) throw GpioException.Of($"{path} cannot be opened", -fd);
        try
        {
            GpioAbi.ChipInfo info = default;
            int result = calls.Ioctl(fd, GpioAbi.GetChipInfo, &info);
            if (result < 0) throw GpioException.Of($"{path} does not respond as a GPIO chip", -result);
            if (info.Lines > MostLines) throw new GpioException($"{path} reports {info.Lines} lines, more than any chip has", 0);
            var lines = new GpioLineInfo[info.Lines];
            for (int i = 0; i < lines.Length; i++) lines[i] = ReadLine(calls, fd, path, i);
            return new GpioChip(path, GpioAbi.Text(new ReadOnlySpan<byte>(info.Label, GpioAbi.NameSize)), lines);
        }
        finally
        {
            _ = calls.Close(fd); // nothing was asked to be kept
        }
    }

    private static GpioLineInfo ReadLine(IGpioCalls calls, int fd, string path, int offset)
    {
        GpioAbi.LineInfo info = default;
        info.Offset = (uint)offset;
        int result = calls.Ioctl(fd, GpioAbi.GetLineInfo, &info);
        if (result < 0) throw GpioException.Of($"{path} gives no information on line {offset}", -result);
        string name = GpioAbi.Text(new ReadOnlySpan<byte>(info.Name, GpioAbi.NameSize)),
            consumer = GpioAbi.Text(new ReadOnlySpan<byte>(info.Consumer, GpioAbi.NameSize));
        return new GpioLineInfo(
            offset, name, (info.Flags & GpioAbi.Used) != 0, consumer, (info.Flags & GpioAbi.Output) != 0, (info.Flags & GpioAbi.ActiveLow) != 0);
    }
}

/// <summary>A line, as the kernel lists it.</summary>
/// <param name="Offset">Its place on the chip.</param>
/// <param name="Name">Empty when the board gives none.</param>
/// <param name="IsUsed">By a program or the kernel itself.</param>
/// <param name="Consumer">By whom; empty when nobody says.</param>
/// <param name="IsOutput">Its direction now.</param>
/// <param name="IsActiveLow">As it was requested.</param>
internal sealed record GpioLineInfo(int Offset, string Name, bool IsUsed, string Consumer, bool IsOutput, bool IsActiveLow);

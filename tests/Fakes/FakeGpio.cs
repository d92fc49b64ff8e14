using System.Text;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Chips and lines as the kernel shows them, in memory: the real structures and requests, no device.</summary>
internal sealed unsafe class FakeGpio : IGpioCalls
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, Chip> _chips = [];
    private readonly Dictionary<int, (Chip Chip, Line? Line)> _open = [];
    private int _nextFd = 100;

    /// <summary>Error for the next opening of any chip; 0: none.</summary>
    public int OpenError { get; set; }

    /// <summary>Plugs a chip in.</summary>
    public void Plug(string path, string label, params string[] lines)
    {
        lock (_turn) _chips[path] = new Chip(label, [.. lines.Select(name => new Line(name))]);
    }

    /// <summary>Takes a chip away: what is open fails from now on.</summary>
    public void Unplug(string path)
    {
        lock (_turn)
        {
            _chips[path].IsGone = true;
            _chips.Remove(path);
        }
    }

    /// <summary>Somebody else takes a line, or gives it back.</summary>
    public void Take(string path, int offset, bool isTaken)
    {
        lock (_turn) _chips[path].Lines[offset].Owner = isTaken ? -1 : 0;
    }

    /// <summary>Levels that a line was driven to, the first when it was requested; physical, so active low is inverted.</summary>
    public IReadOnlyList<bool> Levels(string path, int offset)
    {
        lock (_turn) return [.. _chips[path].Lines[offset].Levels];
    }

    /// <summary>Whether a line is requested, and as what.</summary>
    public (bool IsHeld, string Consumer) Holder(string path, int offset)
    {
        lock (_turn) return (_chips[path].Lines[offset].Owner > 0, _chips[path].Lines[offset].Consumer);
    }

    /// <summary>Descriptors that are open.</summary>
    public int OpenCount
    {
        get
        {
            lock (_turn) return _open.Count;
        }
    }

    public IReadOnlyList<string> Chips()
    {
        lock (_turn) return [.. _chips.Keys];
    }

    public int Open(string path)
    {
        lock (_turn)
        {
            if (OpenError != 0) return -OpenError;
            if (!_chips.TryGetValue(path, out var chip)) return -Libc.Enoent;
            _open[++_nextFd] = (chip, null);
            return _nextFd;
        }
    }

    public int Close(int fd)
    {
        lock (_turn)
        {
            if (_open.Remove(fd, out var open) && open.Line is { } line) line.Owner = 0;
            return 0;
        }
    }

    public int Ioctl(int fd, nuint request, void* argument)
    {
        lock (_turn)
        {
            if (!_open.TryGetValue(fd, out var open)) return -9;
            if (open.Chip.IsGone) return -Libc.Enodev;
            if (open.Line is { } line) return Values(line, request, (GpioAbi.LineValues*)argument);
            return request == GpioAbi.GetChipInfo ? Info(open.Chip, (GpioAbi.ChipInfo*)argument)
                : request == GpioAbi.GetLineInfo ? Info(open.Chip, (GpioAbi.LineInfo*)argument)
                : request == GpioAbi.GetLine ? Request(open.Chip, (GpioAbi.LineRequest*)argument) : -Libc.Einval;
        }
    }

    private static int Info(Chip chip, GpioAbi.ChipInfo* info)
    {
        *info = default;
        Encoding.ASCII.GetBytes(chip.Label, new Span<byte>(info->Label, GpioAbi.NameSize));
        info->Lines = (uint)chip.Lines.Length;
        return 0;
    }

    private static int Info(Chip chip, GpioAbi.LineInfo* info)
    {
        if (info->Offset >= chip.Lines.Length) return -Libc.Einval;
        var line = chip.Lines[info->Offset];
        Encoding.ASCII.GetBytes(line.Name, new Span<byte>(info->Name, GpioAbi.NameSize));
        Encoding.ASCII.GetBytes(line.Consumer, new Span<byte>(info->Consumer, GpioAbi.NameSize));
        info->Flags = (line.Owner != 0 ? GpioAbi.Used : 0) | (line.Owner > 0 ? GpioAbi.Output : GpioAbi.Input);
        return 0;
    }

    private static int Values(Line line, nuint request, GpioAbi.LineValues* values)
    {
        if (values->Mask != 1) return -Libc.Einval;
        if (request == GpioAbi.GetValues) values->Bits = line.Levels[^1] != line.IsActiveLow ? 1u : 0;
        else if (request == GpioAbi.SetValues) line.Levels.Add((values->Bits == 1) != line.IsActiveLow);
        else return -Libc.Einval;
        return 0;
    }

    private int Request(Chip chip, GpioAbi.LineRequest* request)
    {
        if (request->LineCount != 1 || request->Offsets[0] >= chip.Lines.Length
            || (request->Config.Flags & ~(GpioAbi.Output | GpioAbi.ActiveLow)) != 0)
            return -Libc.Einval;
        var value = request->Config.Attributes[0];
        if (request->Config.AttributeCount != 1 || value.Mask != 1 || value.Attribute.Id != GpioAbi.OutputValuesAttribute) return -Libc.Einval;
        var line = chip.Lines[request->Offsets[0]];
        if (line.Owner != 0) return -Libc.Ebusy;
        line.Owner = request->Fd = ++_nextFd;
        line.IsActiveLow = (request->Config.Flags & GpioAbi.ActiveLow) != 0;
        line.Consumer = GpioAbi.Text(new ReadOnlySpan<byte>(request->Consumer, GpioAbi.NameSize));
        line.Levels.Add((value.Attribute.Value == 1) != line.IsActiveLow);
        _open[_nextFd] = (chip, line);
        return 0;
    }

    private sealed class Chip(string label, Line[] lines)
    {
        public string Label => label;

        public Line[] Lines => lines;

        public bool IsGone { get; set; }
    }

    private sealed class Line(string name)
    {
        public string Name => name;

        public string Consumer { get; set; } = "";

        public int Owner { get; set; } // 0: nobody, below: somebody else

        public bool IsActiveLow { get; set; }

        public List<bool> Levels { get; } = [];
    }
}

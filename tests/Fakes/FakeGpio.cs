using System.Text;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Tests.Fakes;

/// <summary>Chips and lines as the kernel shows them, in memory: the real structures and requests, no device.</summary>
internal sealed unsafe class FakeGpio : IGpioCalls
{
    private readonly object _turn = new(); // pulsed when something happens that may be waited for
    private readonly Dictionary<string, Chip> _chips = [];
    private readonly Dictionary<int, (Chip Chip, Line? Line)> _open = [];
    private int _nextFd = 100;
    private ulong _events;

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
            Monitor.PulseAll(_turn);
        }
    }

    /// <summary>What is connected to an input changes its level; null: nothing drives it.</summary>
    public void Drive(string path, int offset, bool? level)
    {
        lock (_turn)
        {
            var line = _chips[path].Lines[offset];
            bool before = line.IsActive;
            line.Driven = level;
            ulong edge = line.IsActive ? GpioAbi.EdgeRising : GpioAbi.EdgeFalling;
            if (line.IsActive != before && (line.Config.Flags & edge) != 0)
                line.Events.Enqueue(line.IsActive ? GpioAbi.RisingEdge : GpioAbi.FallingEdge);
            Monitor.PulseAll(_turn);
        }
    }

    /// <summary>What a line was requested as last, or changed to: the kernel's flags, and its debounce in microseconds.</summary>
    public (ulong Flags, ulong DebounceUs) Request(string path, int offset)
    {
        lock (_turn)
        {
            var line = _chips[path].Lines[offset];
            return (line.Config.Flags, line.Config.AttributeCount > 0 && line.Config.Attributes[0].Attribute.Id == GpioAbi.DebounceAttribute
                ? line.Config.Attributes[0].Attribute.Value : 0);
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
            if (open.Line is { } line && request == GpioAbi.SetConfig) return Configure(line, *(GpioAbi.Config*)argument);
            if (open.Line is { } valued) return Values(valued, request, (GpioAbi.LineValues*)argument);
            return request == GpioAbi.GetChipInfo ? Info(open.Chip, (GpioAbi.ChipInfo*)argument)
                : request == GpioAbi.GetLineInfo ? Info(open.Chip, (GpioAbi.LineInfo*)argument)
                : request == GpioAbi.GetLine ? Request(open.Chip, (GpioAbi.LineRequest*)argument) : -Libc.Einval;
        }
    }

    public int Read(int fd, void* into, int bytes)
    {
        lock (_turn)
        {
            if (!_open.TryGetValue(fd, out var open) || open.Line is not { } line) return -9;
            if (open.Chip.IsGone) return -Libc.Enodev;
            if (line.Events.Count == 0) return -Libc.Eagain;
            if (bytes < sizeof(GpioAbi.LineEvent)) return -Libc.Einval;
            _events++;
            *(GpioAbi.LineEvent*)into = new() { TimeNs = _events * 1_000_000, Id = line.Events.Dequeue(), Sequence = (uint)_events };
            return sizeof(GpioAbi.LineEvent);
        }
    }

    public int Wait(int fd, int timeoutMs)
    {
        long end = Environment.TickCount64 + timeoutMs;
        lock (_turn)
        {
            while (true)
            {
                if (!_open.TryGetValue(fd, out var open) || open.Chip.IsGone || open.Line!.Events.Count > 0) return 1;
                if (end - Environment.TickCount64 is not (> 0 and var left) || !Monitor.Wait(_turn, (int)left)) return 0;
            }
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
        info->Flags = (line.Owner != 0 ? GpioAbi.Used : 0) | (line.IsOutput ? GpioAbi.Output : GpioAbi.Input);
        return 0;
    }

    private static int Values(Line line, nuint request, GpioAbi.LineValues* values)
    {
        if (values->Mask != 1) return -Libc.Einval;
        if (request == GpioAbi.GetValues) values->Bits = line.IsActive ? 1u : 0;
        else if (request != GpioAbi.SetValues) return -Libc.Einval;
        else if (!line.IsOutput) return -Libc.Eperm;
        else line.Levels.Add((values->Bits == 1) != line.IsActiveLow);
        return 0;
    }

    private int Request(Chip chip, GpioAbi.LineRequest* request)
    {
        if (request->LineCount != 1 || request->Offsets[0] >= chip.Lines.Length) return -Libc.Einval;
        var line = chip.Lines[request->Offsets[0]];
        if (line.Owner != 0) return -Libc.Ebusy;
        if (Configure(line, request->Config) is < 0 and var error) return error;
        line.Owner = request->Fd = ++_nextFd;
        line.Consumer = GpioAbi.Text(new ReadOnlySpan<byte>(request->Consumer, GpioAbi.NameSize));
        line.Events.Clear();
        _open[_nextFd] = (chip, line);
        return 0;
    }

    // The checks of the kernel's gpio_v2_line_config_validate and gpio_v2_line_flags_validate, as far as they concern what is used here.
    private static int Configure(Line line, in GpioAbi.Config config)
    {
        const ulong Edges = GpioAbi.EdgeRising | GpioAbi.EdgeFalling, Biases = GpioAbi.PullUp | GpioAbi.PullDown | GpioAbi.BiasOff;
        if ((config.Flags & ~(GpioAbi.Input | GpioAbi.Output | GpioAbi.ActiveLow | Edges | Biases)) != 0) return -Libc.Einval;
        bool isInput = (config.Flags & GpioAbi.Input) != 0, isOutput = (config.Flags & GpioAbi.Output) != 0;
        if ((isInput && isOutput) || (!isInput && (config.Flags & Edges) != 0) || (!isInput && !isOutput && (config.Flags & Biases) != 0)
            || System.Numerics.BitOperations.PopCount(config.Flags & Biases) > 1 || config.AttributeCount > 1)
            return -Libc.Einval;
        if (config.AttributeCount == 1)
        {
            var value = config.Attributes[0];
            if (value.Mask != 1 || value.Attribute.Padding != 0) return -Libc.Einval;
            if (value.Attribute.Id != (isOutput ? GpioAbi.OutputValuesAttribute : GpioAbi.DebounceAttribute)) return -Libc.Einval;
        }
        else if (isOutput)
        {
            return -Libc.Einval; // the kernel would drive it low; nobody here means that
        }

        line.Config = config;
        if (isInput || isOutput) line.IsOutput = isOutput;
        if (isOutput) line.Levels.Add((config.Attributes[0].Attribute.Value == 1) != line.IsActiveLow);
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

        public GpioAbi.Config Config { get; set; }

        public bool IsOutput { get; set; }

        public bool? Driven { get; set; }

        public bool IsActiveLow => (Config.Flags & GpioAbi.ActiveLow) != 0;

        /// <summary>As the kernel gives it to who holds the line.</summary>
        public bool IsActive => (IsOutput ? Levels[^1] : Driven ?? (Config.Flags & GpioAbi.PullUp) != 0) != IsActiveLow;

        public List<bool> Levels { get; } = [];

        public Queue<uint> Events { get; } = [];
    }
}

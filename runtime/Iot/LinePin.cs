using System.Device.Gpio;
using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;

namespace ResNetEdge.Iot;

/// <summary>
/// A pin of <see cref="LineDriver"/>: a line and what it is used as. Once somebody wants to hear of its edges it has a thread, which lives until the
/// pin is closed and alone looks for a chip that is gone.
/// </summary>
/// <param name="calls">The kernel's.</param>
/// <param name="number">Of the pin, for callbacks.</param>
/// <param name="address">Which line.</param>
/// <param name="isActiveLow">High means the low level.</param>
/// <param name="safe">What it is left with as an output; null: as it is.</param>
internal sealed class LinePin(IGpioCalls calls, int number, GpioAddress address, bool isActiveLow, bool? safe)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200); // whether the pin was closed, or its chip is gone
    private readonly Lock _turn = new();
    private GpioLine? _line; // null: closed, or its chip is gone
    private GpioUse _use;
    private bool _isOpen;
    private bool _isActive; // as its callbacks know it
    private (PinEventTypes Types, PinChangeEventHandler Callback)[] _callbacks = [];
    private Thread? _watcher;

    /// <summary>What it is used as.</summary>
    public PinMode Mode
    {
        get
        {
            lock (_turn)
            {
                return _use.IsOutput is true ? PinMode.Output : _use.Bias switch
                {
                    GpioBias.PullUp => PinMode.InputPullUp,
                    GpioBias.PullDown => PinMode.InputPullDown,
                    _ => PinMode.Input,
                };
            }
        }
    }

    /// <summary>Takes the line as it is.</summary>
    /// <exception cref="GpioException">Not there, in use, no permission.</exception>
    public void Open()
    {
        lock (_turn)
        {
            if (_isOpen) throw new InvalidOperationException($"pin {number} is open already");
            _use = new GpioUse { IsActiveLow = isActiveLow };
            _line = GpioLine.Open(calls, address, _use);
            _isOpen = true;
        }
    }

    /// <summary>Leaves an output with its safe value and gives the line back. Nothing when it is closed.</summary>
    public void Close()
    {
        Thread? watcher;
        lock (_turn)
        {
            (watcher, _watcher, _isOpen, _callbacks) = (_watcher, null, false, []);
        }

        if (watcher != Thread.CurrentThread) watcher?.Join(); // a callback may close its own pin
        lock (_turn)
        {
            var (line, isOutput) = (_line, _use.IsOutput is true);
            (_line, _use) = (null, default);
            using (line)
            {
                if (isOutput && safe is { } value) line?.Set(value);
            }
        }
    }

    /// <summary>Makes it an input or an output.</summary>
    /// <param name="mode">One of the supported ones.</param>
    /// <param name="isActive">An output's value from the first moment; null: what the line is now.</param>
    public void SetMode(PinMode mode, bool? isActive)
    {
        lock (_turn)
        {
            bool isOutput = mode is PinMode.Output;
            _use = _use with
            {
                IsOutput = isOutput,
                IsActive = isActive ?? (isOutput && Line.Get()),
                Bias = mode is PinMode.InputPullUp ? GpioBias.PullUp : mode is PinMode.InputPullDown ? GpioBias.PullDown : GpioBias.AsIs,
                Edges = isOutput ? GpioEdges.None : _use.Edges,
            };
            Line.Change(_use);
        }
    }

    /// <summary>Its value; of an output what it is driven to.</summary>
    public bool Read()
    {
        lock (_turn)
        {
            try
            {
                return Line.Get();
            }
            catch (GpioException e) when (e.IsGone && _watcher is null)
            {
                TakeAgain();
                return Line.Get();
            }
        }
    }

    /// <summary>Drives an output.</summary>
    public void Write(bool isActive)
    {
        lock (_turn) Set(isActive);
    }

    /// <summary>Drives an output to the other value.</summary>
    public void Toggle()
    {
        lock (_turn) Set(!_use.IsActive);
    }

    /// <summary>Has a callback hear of edges from now on.</summary>
    public void AddCallback(PinEventTypes types, PinChangeEventHandler callback)
    {
        lock (_turn)
        {
            if (_use.IsOutput is true) throw new InvalidOperationException($"pin {number} is an output; only inputs have events");
            if (_callbacks.Length == 0)
            {
                _use = _use with { IsOutput = false, Edges = GpioEdges.Both };
                Line.Change(_use);
                _isActive = Line.Get();
            }

            _callbacks = [.. _callbacks, (types, callback)];
            if (_watcher is not null) return;
            _watcher = new Thread(Watch) { Name = $"line {address}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
            _watcher.Start();
        }
    }

    /// <summary>Takes a callback back.</summary>
    public void RemoveCallback(PinChangeEventHandler callback)
    {
        lock (_turn)
        {
            _callbacks = [.. _callbacks.Where(c => c.Callback != callback)];
            if (_callbacks.Length > 0 || _use.Edges is GpioEdges.None) return;
            _use = _use with { Edges = GpioEdges.None };
            _line?.Change(_use);
        }
    }

    // For who has the turn, as are Set and TakeAgain.
    private GpioLine Line => _line ?? (_isOpen
        ? throw GpioException.Of($"line {address} cannot be used", Libc.Enodev) : throw new InvalidOperationException($"pin {number} is not open"));

    private void Set(bool isActive)
    {
        _use = _use with { IsActive = isActive }; // what it is to be when its chip comes back
        if (_line is null && _isOpen)
        {
            TakeAgain();
            return;
        }

        try
        {
            Line.Set(isActive);
        }
        catch (GpioException e) when (e.IsGone)
        {
            TakeAgain();
        }
    }

    private void TakeAgain()
    {
        _line?.Dispose();
        _line = null;
        _line = GpioLine.Open(calls, address, _use);
    }

    private void Watch()
    {
        while (true)
        {
            GpioLine? line;
            lock (_turn)
            {
                if (_watcher != Thread.CurrentThread) return;
                line = _line;
            }

            try
            {
                if (line is null) Return();
                else if (line.WaitForEdge(LookEvery, out var edge)) Report(edge.IsRising);
            }
            catch (GpioException)
            {
                // Whoever reads the pin is told; here it is waited for.
                lock (_turn) Drop(line);
                Thread.Sleep(LookEvery);
            }
        }
    }

    private void Drop(GpioLine? line)
    {
        if (line is null || _line != line) return;
        line.Dispose();
        _line = null;
    }

    /// <summary>Takes the line again, and reports what changed meanwhile.</summary>
    private void Return()
    {
        bool isActive;
        lock (_turn)
        {
            if (!_isOpen) return;
            TakeAgain();
            isActive = Line.Get();
        }

        Report(isActive);
    }

    private void Report(bool isActive)
    {
        (PinEventTypes Types, PinChangeEventHandler Callback)[] callbacks;
        lock (_turn)
        {
            if (isActive == _isActive) return;
            _isActive = isActive;
            callbacks = _callbacks;
        }

        var type = isActive ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach (var (types, callback) in callbacks)
        {
            if (types.HasFlag(type)) callback(this, new PinValueChangedEventArgs(type, number));
        }
    }
}

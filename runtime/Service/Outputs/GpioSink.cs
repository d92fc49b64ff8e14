using ResNetEdge.Device;
using ResNetEdge.Device.Native;
using ResNetEdge.Device.Pins;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// A GPIO line, active while any rule that names it is on. It has its safe state when it is taken, follows the rules then, and has its safe
/// state again when the sink is disposed. A line that is not there, in use or lost with its chip is looked for by its name again and
/// again and then set to what the rules say by then.
/// </summary>
internal sealed class GpioSink : ISink
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5); // a chip that is gone shows only when asked
    private readonly GpioSettings _settings;
    private readonly SinkContext _context;
    private readonly IGpioCalls _calls;
    private readonly SinkCounters _counters;
    private readonly LineTiming _timing;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
    private readonly Lock _turn = new();
    private readonly HashSet<(string? Camera, string Rule)> _rulesOn = [];
    private readonly LatencyHistogram _latency = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly Thread _thread;
    private GpioLine? _line;
    private TimeSpan _tryAt;
    private bool _isSet; // what the line was told last
    private RuleEvent _onCause, _offCause;
    private volatile bool _isStopping;

    /// <summary>Takes the line; when that cannot be done now, it is tried again.</summary>
    /// <param name="settings">Its own.</param>
    /// <param name="context">What sinks share.</param>
    /// <param name="calls">The kernel's.</param>
    /// <exception cref="EdgeException">Exit 5: no permission.</exception>
    public GpioSink(GpioSettings settings, SinkContext context, IGpioCalls calls)
    {
        (_settings, _context, _calls) = (settings, context, calls);
        _counters = new SinkCounters(settings, context.Log, context.Time);
        _timing = new LineTiming(settings.Hold, settings.Debounce, settings.Pulse);
        try
        {
            _line = GpioLine.Open(calls, settings.Address, settings.IsActiveLow, _isSet = settings.Safe == SafeState.On);
        }
        catch (GpioException e) when (!e.IsPermission)
        {
            NotNow(e);
        }
        catch (GpioException e)
        {
            throw EdgeException.Unavailable($"output '{settings.Name}': {e.Message}", e);
        }

        _thread = new Thread(Work) { Name = $"output {settings.Name}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <inheritdoc/>
    public SinkSettings Settings => _settings;

    /// <inheritdoc/>
    public SinkStatus Status => _counters.Status(0);

    /// <summary>
    /// From the camera's shutter to the line's change, for changes that a frame caused and that waited for no hold and no lost line.
    /// </summary>
    public LatencyHistogram? Latency => _latency;

    /// <inheritdoc/>
    public void Accept(FrameResult result)
    {
    }

    /// <inheritdoc/>
    public void Accept(in RuleEvent change)
    {
        _counters.Accepted();
        lock (_turn)
        {
            var now = _context.Time.Now();
            if (change.IsOn ? !_rulesOn.Add(change.Subject) : !_rulesOn.Remove(change.Subject)) return; // it knew
            if (change.IsOn && _settings.Pulse is not null) _timing.Want(false, now); // each rule has a pulse of its own
            _timing.Want(_rulesOn.Count > 0, now);
            if (change.IsOn) _onCause = change;
            else _offCause = change;
        }

        _wake.Set();
    }

    /// <summary>Sets the safe state and gives the line back.</summary>
    public void Dispose()
    {
        if (_isStopping) return;
        _isStopping = true;
        _wake.Set();
        if (!_thread.Join(QueuedSink.DrainTime)) _context.Log.Warning("output does not stop: its line does not respond", ("output", _settings.Name));
    }

    private void Work()
    {
        while (!_isStopping)
        {
            _wake.Reset();
            var wait = Follow();
            if (_isStopping) break;
            _context.Time.Wait(_wake, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }

        Leave();
    }

    /// <summary>Brings the line to what it is to be.</summary>
    /// <returns>After how long to look again.</returns>
    private TimeSpan Follow()
    {
        while (true)
        {
            var now = _context.Time.Now();
            TimeSpan? next;
            bool isActive;
            RuleEvent? cause;
            lock (_turn)
            {
                next = _timing.At(now);
                isActive = _timing.IsActive;
                cause = _timing.IsDirect ? isActive ? _onCause : _offCause : null;
            }

            if (_line is null && now >= _tryAt) TakeAgain();
            if (_line is null) return Earlier(next, _tryAt) - now;
            if (isActive != _isSet)
            {
                Set(isActive, cause);
                continue;
            }

            if (next <= now) continue;
            if (next is { } at && at - now < CheckEvery) return at - now;
            Check();
            return CheckEvery;
        }
    }

    private void Set(bool isActive, in RuleEvent? cause)
    {
        try
        {
            _line!.Set(isActive);
            Report(isActive, cause);
            _counters.Delivered(1);
        }
        catch (GpioException e)
        {
            Lose(e);
        }
    }

    /// <summary>Notes what the line is now.</summary>
    /// <param name="isActive">What it is.</param>
    /// <param name="cause">The frame that it comes from at once; null: none.</param>
    private void Report(bool isActive, in RuleEvent? cause)
    {
        _isSet = isActive;
        var now = _context.Time.Now();
        if (cause is not { Reason: "seen" or "gone" } change)
        {
            _context.Log.Info("line changed", ("output", _settings.Name), ("active", isActive), ("monotonic_s", Seconds(now)));
            return;
        }

        _latency.Add(now - change.CameraTime);
        _context.Log.Info("line changed", ("output", _settings.Name), ("active", isActive), ("rule", change.Rule), ("frame", change.Frame),
            ("monotonic_s", Seconds(now)),
            ("line_latency_ms", Math.Round((now - change.CameraTime).TotalMilliseconds, 3)));
    }

    private void Check()
    {
        try
        {
            _ = _line!.Get();
        }
        catch (GpioException e)
        {
            Lose(e);
        }
    }

    private void Lose(GpioException e)
    {
        _line?.Dispose();
        _line = null;
        NotNow(e);
    }

    private void TakeAgain()
    {
        try
        {
            bool isActive = _timing.IsActive;
            _line = GpioLine.Open(_calls, _settings.Address, _settings.IsActiveLow, isActive);
            _backoff.Reset();
            _counters.Works();
            if (isActive != _isSet) Report(isActive, null);
        }
        catch (GpioException e)
        {
            NotNow(e);
        }
    }

    private void NotNow(GpioException e)
    {
        _counters.Failed(e.Message);
        _tryAt = _context.Time.Now() + _backoff.Next();
    }

    private void Leave()
    {
        try
        {
            bool safe = _settings.Safe switch { SafeState.Off => false, SafeState.On => true, _ => _isSet };
            if (safe != _isSet) _line?.Set(safe);
        }
        catch (GpioException e)
        {
            _counters.Failed(e.Message);
        }

        _line?.Dispose();
        _line = null;
    }

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 6);

    private static TimeSpan Earlier(TimeSpan? a, TimeSpan b) => a < b ? a.Value : b;
}

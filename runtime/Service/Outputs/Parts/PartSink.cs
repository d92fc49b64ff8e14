using ResNetEdge.Device;
using ResNetEdge.Service.Rules;
using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>
/// Keeps a part on the board's header showing the newest state, on a thread of its own: like a line it is no queue of events, only the last state
/// counts. A bus that is gone or a part that does not respond is one sentence in the status; it is opened again and again, and then shows what holds
/// by then.
/// </summary>
internal sealed class PartSink : ISink
{
    /// <summary>After so long without a frame no label is shown.</summary>
    internal static readonly TimeSpan LabelLasts = TimeSpan.FromSeconds(5);

    private readonly SinkContext _context;
    private readonly Func<IPart> _open;
    private readonly TimeSpan _leastBetween;
    private readonly SinkCounters _counters;
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
    private readonly Lock _turn = new();
    private readonly List<(string? Camera, string Rule)> _rulesOn = [];
    private readonly ManualResetEventSlim _wake = new();
    private readonly Thread _thread;
    private IPart? _part;
    private TimeSpan _tryAt = TimeSpan.MinValue, _earliest = TimeSpan.MinValue; // of the next opening, of the next show
    private TimeSpan? _again;
    private bool _isNew = true;
    private long _turnedOn;
    private (string? Label, int Index, float Score, TimeSpan Time)? _best;
    private volatile bool _isStopping;

    /// <summary>Begins to open the part, in the background.</summary>
    /// <param name="settings">Of the output.</param>
    /// <param name="context">What sinks share.</param>
    /// <param name="leastBetween">Between two shows at least so long; what changes meanwhile is shown as it is then.</param>
    /// <param name="open">Opens the part; fails with an <see cref="IOException"/>.</param>
    public PartSink(SinkSettings settings, SinkContext context, TimeSpan leastBetween, Func<IPart> open)
    {
        (Settings, _context, _leastBetween, _open) = (settings, context, leastBetween, open);
        _counters = new SinkCounters(settings, context.Log, context.Time);
        _thread = new Thread(Work) { Name = $"output {settings.Name}", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public SinkSettings Settings { get; }

    /// <inheritdoc/>
    public SinkStatus Status => _counters.Status(0);

    /// <inheritdoc/>
    public void Accept(FrameResult result)
    {
        if (result.Answer.Best is not { } best) return;
        _counters.Accepted();
        lock (_turn) (_best, _isNew) = ((best.Label, best.Index, best.Score, result.DoneTime), true);
        _wake.Set();
    }

    /// <inheritdoc/>
    public void Accept(in RuleEvent change)
    {
        _counters.Accepted();
        lock (_turn)
        {
            _rulesOn.Remove(change.Subject);
            if (change.IsOn)
            {
                _rulesOn.Add(change.Subject);
                _turnedOn++;
            }

            _isNew = true;
        }

        _wake.Set();
    }

    /// <summary>Leaves the part in its safe state and gives its bus back.</summary>
    public void Dispose()
    {
        if (_isStopping) return;
        _isStopping = true;
        _wake.Set();
        if (!_thread.Join(QueuedSink.DrainTime)) _context.Log.Warning("output does not stop: its bus does not respond", ("output", Settings.Name));
    }

    private void Work()
    {
        while (!_isStopping)
        {
            _wake.Reset();
            var wait = Follow();
            if (_isStopping) break;
            if (wait is { } span) _context.Time.Wait(_wake, span > TimeSpan.Zero ? span : TimeSpan.Zero);
            else _wake.Wait();
        }

        if (_part is null) return;
        Try(() => _part.Leave());
        Try(Close);
    }

    /// <summary>Shows what is new, if it is time.</summary>
    /// <returns>After how long to look again; null: when something changes.</returns>
    private TimeSpan? Follow()
    {
        var now = _context.Time.Now();
        if (_part is null)
        {
            if (now < _tryAt) return _tryAt - now;
            if (!Try(() => _part = _open())) return _tryAt - now;
            lock (_turn) _isNew = true;
        }

        PartView view;
        lock (_turn)
        {
            bool isDue = _again <= now;
            if (!isDue && !_isNew) return _again - now;
            if (!isDue && now < _earliest) return _earliest - now;
            _isNew = false;
            var best = _best?.Time + LabelLasts > now ? _best : null;
            string[] rulesOn = [.. _rulesOn.Select(static on => on.Rule).Distinct()];
            view = new PartView(best is null ? null : best.Value.Label ?? $"class {best.Value.Index}", best?.Score ?? 0, rulesOn, _turnedOn);
        }

        TimeSpan? again = null;
        if (!Try(() => again = _part!.Show(view))) return TimeSpan.Zero;
        (_again, _earliest) = (now + again, now + _leastBetween);
        _backoff.Reset();
        _counters.Delivered(1);
        return TimeSpan.Zero;
    }

    private bool Try(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _counters.Failed(e.Message);
            _tryAt = _context.Time.Now() + _backoff.Next();
            var part = _part;
            _part = null;
            Abandon(part);
            return false;
        }
    }

    private void Close()
    {
        var part = _part;
        _part = null;
        part?.Dispose();
    }

    // A part that failed may fail at its end too, which says nothing new.
    private static void Abandon(IPart? part)
    {
        try
        {
            part?.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}

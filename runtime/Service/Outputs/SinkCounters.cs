using ResNetEdge.Device;

namespace ResNetEdge.Service.Outputs;

/// <summary>
/// What became of what a sink was given, counted by several threads, and its trouble, told to the
/// log when it begins and when it ends, never in between.
/// </summary>
/// <param name="settings">Of the sink.</param>
/// <param name="log">For people.</param>
/// <param name="time">Of all waits.</param>
internal sealed class SinkCounters(SinkSettings settings, Log log, TimeProvider time)
{
    private long _accepted, _delivered, _dropped, _failures;
    private volatile string? _lastError;
    private volatile bool _isDropping;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10);
    private TimeSpan? _toldDropping; // by the frame thread
    private long _lastDrop = long.MinValue; // monotonic ticks
    private bool _hasRefused;

    /// <summary>Was given an item.</summary>
    public void Accepted() => Interlocked.Increment(ref _accepted);

    /// <summary>Items arrived. It works; if it did not before, the log is told.</summary>
    public void Delivered(long items)
    {
        Works();
        Interlocked.Add(ref _delivered, items); // last: who sees the count finds everything else said
    }

    /// <summary>It works again, though nothing was delivered yet.</summary>
    public void Works()
    {
        if (_lastError is null) return;
        _lastError = null;
        log.Notice("output works again", ("output", settings.Name));
    }

    /// <summary>Items were lost for want of room or at a limit.</summary>
    public void Dropped(long items)
    {
        if (items == 0) return;
        Interlocked.Add(ref _dropped, items);
        Volatile.Write(ref _lastDrop, time.Now().Ticks);
    }

    /// <summary>
    /// The queue had no room. Told once, and again only after it was empty and a minute passed: a queue at its limit has room now and then.
    /// </summary>
    public void HadNoRoom()
    {
        Interlocked.Increment(ref _dropped);
        var now = time.Now();
        Volatile.Write(ref _lastDrop, now.Ticks);
        if (_isDropping) return;
        _isDropping = true;
        if (now - _toldDropping < TimeSpan.FromMinutes(1)) return;
        _toldDropping = now;
        log.Warning("output cannot keep up: results and events are dropped", ("output", settings.Name));
    }

    /// <summary>The queue is empty.</summary>
    public void IsEmpty() => _isDropping = false;

    /// <summary>An attempt failed.</summary>
    /// <param name="reason">One sentence.</param>
    public void Failed(string reason)
    {
        bool isNew = _lastError is null;
        _lastError = SafeAddress.Hide(reason);
        if (isNew) log.Warning($"output fails: {reason}", ("output", settings.Name));
        Interlocked.Increment(ref _failures);
    }

    /// <summary>An attempt of somebody else's failed, which says nothing of this output: told once, counted always.</summary>
    /// <param name="reason">One sentence.</param>
    public void Refused(string reason)
    {
        if (!_hasRefused) log.Warning(reason, ("output", settings.Name));
        _hasRefused = true;
        Interlocked.Increment(ref _failures);
    }

    /// <summary>All of it.</summary>
    /// <param name="queued">Waiting now.</param>
    public SinkStatus Status(long queued) => new(
        settings.Name, settings.Type, Interlocked.Read(ref _accepted), Interlocked.Read(ref _delivered), Interlocked.Read(ref _dropped),
        Interlocked.Read(ref _failures), queued, _lastError)
    {
        IsDropping = Volatile.Read(ref _lastDrop) is not long.MinValue and var at && time.Now() - TimeSpan.FromTicks(at) < Lately,
    };
}

namespace ResNetEdge.Service.Timing;

/// <summary>Waits that double from try to try up to a longest one, and begin again after a success.</summary>
internal sealed class Backoff
{
    private readonly TimeSpan _first, _longest;
    private readonly double _jitter;
    private TimeSpan _next;

    /// <param name="first">Before the second try.</param>
    /// <param name="longest">Never longer.</param>
    /// <param name="jitter">Share of each wait that is left to chance, so that many devices do not all come back at the same moment; 0 to 1.</param>
    public Backoff(TimeSpan first, TimeSpan longest, double jitter = 0) => (_first, _longest, _next, _jitter) = (first, longest, first, jitter);

    /// <summary>How long to wait now; the next wait is twice as long.</summary>
    public TimeSpan Next()
    {
        var now = _next < _longest ? _next : _longest;
        _next = now + now;
        return _jitter > 0 ? now * (1 - _jitter * Random.Shared.NextDouble()) : now;
    }

    /// <summary>Begins again with the shortest pause, after an attempt that worked.</summary>
    public void Reset() => _next = _first;
}

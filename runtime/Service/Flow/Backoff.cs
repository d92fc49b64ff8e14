namespace ResNetEdge.Service.Flow;

/// <summary>Waits that double from try to try up to a longest one, and begin again after a success.</summary>
internal sealed class Backoff
{
    private readonly TimeSpan _first, _longest;
    private TimeSpan _next;

    /// <param name="first">Before the second try.</param>
    /// <param name="longest">Never longer.</param>
    public Backoff(TimeSpan first, TimeSpan longest) => (_first, _longest, _next) = (first, longest, first);

    /// <summary>How long to wait now; the next wait is twice as long.</summary>
    public TimeSpan Next()
    {
        var now = _next < _longest ? _next : _longest;
        _next = now + now;
        return now;
    }

    /// <summary>It worked.</summary>
    public void Reset() => _next = _first;
}

namespace ResNetEdge.Device.Cameras;

/// <summary>Lets frames of files through at a rate; what is late is not caught up on.</summary>
/// <param name="time">Of the rate.</param>
/// <param name="framesPerSecond">0 lets everything through at once.</param>
internal sealed class Pacer(TimeProvider time, double framesPerSecond) : IDisposable
{
    private readonly TimeSpan _interval = framesPerSecond > 0 ? TimeSpan.FromSeconds(1 / framesPerSecond) : TimeSpan.Zero;
    private readonly AutoResetEvent _elapsed = new(false);
    private TimeSpan _due = TimeSpan.MinValue;
    private ITimer? _timer;

    /// <summary>Monotonic time now.</summary>
    public TimeSpan Now => time.Now();

    /// <summary>Waits until the next frame is due.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <returns>False when it is not due within that time.</returns>
    public bool Wait(TimeSpan timeout)
    {
        if (_interval == TimeSpan.Zero) return true;
        var until = Now + timeout;
        for (var now = Now; now < _due; now = Now)
        {
            if (now >= until) return false;
            var left = (_due < until ? _due : until) - now;
            _timer ??= time.CreateTimer(_ => _elapsed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left, Timeout.InfiniteTimeSpan);
            _elapsed.WaitOne();
        }

        return true;
    }

    /// <summary>A frame was let through.</summary>
    public void Passed()
    {
        var now = Now;
        _due = _due > now - _interval ? _due + _interval : now + _interval;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _elapsed.Dispose();
    }
}

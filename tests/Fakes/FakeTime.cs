namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// A clock that stands still until it is moved; timers fire while it is, in order, on the thread that moves it. The wall clock can jump by
/// itself, as one does that is set by hand or over the network.
/// </summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _turn = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _monotonic = TimeSpan.FromHours(1);
    private TimeSpan _wall = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch - TimeSpan.FromHours(1);

    /// <summary>A timer that fires once does so at once, and time moves on by its wait: for code that blocks until a timer fires.</summary>
    public bool SkipsWaits { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Of the machine.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    public override TimeZoneInfo LocalTimeZone => Zone;

    /// <summary>The monotonic clock.</summary>
    public TimeSpan Now
    {
        get
        {
            lock (_turn) return _monotonic;
        }
    }

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_turn) return DateTimeOffset.UnixEpoch + _monotonic + _wall;
    }

    /// <summary>Sets the wall clock without moving time.</summary>
    public void JumpWallClock(TimeSpan by)
    {
        lock (_turn) _wall += by;
    }

    /// <summary>Moves time, and runs what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var until = Now + by;
        while (true)
        {
            Timer? next;
            lock (_turn)
            {
                next = _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
                _monotonic = next is null ? until : Max(_monotonic, next.Due!.Value);
                next?.Elapse();
            }

            if (next is null) return;
            next.Call();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (SkipsWaits && dueTime > TimeSpan.Zero && period == Timeout.InfiniteTimeSpan)
        {
            Advance(dueTime);
            dueTime = TimeSpan.Zero;
            callback(state);
        }

        var timer = new Timer(this, () => callback(state));
        if (dueTime > TimeSpan.Zero) timer.Change(dueTime, period);
        lock (_turn) _timers.Add(timer);
        return timer;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Timer(FakeTime time, Action call) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan? Due { get; private set; }

        public Action Call => call;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._turn)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._monotonic + dueTime;
                _period = period;
            }

            return true;
        }

        public void Elapse() => Due = _period <= TimeSpan.Zero ? null : Due + _period;

        public void Dispose()
        {
            lock (time._turn) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

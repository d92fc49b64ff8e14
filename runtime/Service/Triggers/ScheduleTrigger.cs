using ResNetEdge.Device;

namespace ResNetEdge.Service.Triggers;

/// <summary>Asks by the clock: intervals by the monotonic one, times of the day by the wall's, which is looked at once a minute as it may be
/// set.</summary>
internal sealed class ScheduleTrigger : IDisposable
{
    private static readonly TimeSpan LongestNap = TimeSpan.FromMinutes(1);
    private readonly ScheduleSettings _settings;
    private readonly TriggerContext _context;
    private readonly ITimer _timer;
    private DateTime _next; // of a day's times, by the machine's time zone

    /// <summary>Begins to wait.</summary>
    public ScheduleTrigger(ScheduleSettings settings, TriggerContext context)
    {
        (_settings, _context) = (settings, context);
        if (settings.Every is { } every)
        {
            _timer = context.Time.CreateTimer(_ => Ask(), null, every, every);
            return;
        }

        var local = context.Time.GetLocalNow().DateTime;
        _next = settings.NextAfter(local);
        _timer = context.Time.CreateTimer(_ => Look(), null, Nap(local), Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var local = _context.Time.GetLocalNow().DateTime;
        bool isDue = local >= _next;
        if (isDue || _settings.NextAfter(local) < _next) _next = _settings.NextAfter(local); // the clock may have been set back
        _timer.Change(Nap(local), Timeout.InfiniteTimeSpan);
        if (isDue) Ask();
    }

    private TimeSpan Nap(DateTime local) => _next - local < LongestNap ? _next - local : LongestNap;

    private void Ask()
    {
        // Of those that wait already, each has the same answer.
        if (_settings.IsOn(_context.Time.GetLocalNow().DayOfWeek))
            _context.Queue.Ask(new LookRequest(_settings.Name, _settings.Cameras, _context.Time.Now(), null));
    }
}

using ResNetEdge.Device.Sensors;

namespace ResNetEdge.Service.Heat;

/// <summary>
/// Decides how much the service does. Down one gear when too many frames of the last ones missed the deadline, or when the machine is hot
/// or throttles; up one when it was calm and cool for long enough. A step up that does not last doubles the calm that the next one needs,
/// so that a load between two gears does not swing for ever. Pure: time comes in with each call.
/// </summary>
internal sealed class Scheduler
{
    private const int MostCalmDoublings = 6;
    private readonly BudgetSettings _settings;
    private readonly List<Gear> _gears = [];
    private readonly bool[] _late; // the last frames, a ring
    private int _at, _lateCount, _seen;
    private int _gear;
    private TimeSpan _calmSince;
    private TimeSpan _lastHeatStep = TimeSpan.MinValue;
    private TimeSpan _lastUp = TimeSpan.MinValue;
    private int _calmDoublings;
    private bool _isHot;

    /// <summary>Begins in the highest gear.</summary>
    /// <param name="settings">Limits.</param>
    /// <param name="levels">That the package's ladder has besides 0.</param>
    /// <param name="now">On the monotonic clock.</param>
    public Scheduler(BudgetSettings settings, int levels, TimeSpan now)
    {
        (_settings, _calmSince) = (settings, now);
        _late = new bool[settings.Window];
        int deepest = Math.Min(levels, settings.MaxLevel);
        for (int level = 0; level <= deepest; level++) _gears.Add(new Gear(level, 1));
        for (int divisor = 2; divisor <= settings.MaxDivisor; divisor *= 2) _gears.Add(new Gear(deepest, divisor));
    }

    /// <summary>What the service shall do now.</summary>
    public Gear Gear => _gears[_gear];

    /// <summary>Frames that missed the deadline.</summary>
    public long Misses { get; private set; }

    /// <summary>Steps down.</summary>
    public long StepsDown { get; private set; }

    /// <summary>Steps up.</summary>
    public long StepsUp { get; private set; }

    /// <summary>The machine is hot or throttles, as of the last <see cref="Feel"/>.</summary>
    public bool IsHot => _isHot;

    /// <summary>Takes a frame's latency.</summary>
    /// <returns>Why the gear changed, or null.</returns>
    public string? Frame(TimeSpan latency, TimeSpan now)
    {
        if (_settings.Latency is not { } budget) return StepUpWhenCalm(now);
        bool late = latency > budget;
        if (_seen == _late.Length && _late[_at]) _lateCount--;
        _seen = Math.Min(_seen + 1, _late.Length);
        _late[_at] = late;
        _at = (_at + 1) % _late.Length;
        if (!late) return StepUpWhenCalm(now);
        Misses++;
        _lateCount++;
        _calmSince = now;
        return _lateCount >= _settings.Misses ? Down($"{_lateCount} of the last {_seen} frames took longer than {budget.TotalMilliseconds:G4} ms", now) : null;
    }

    /// <summary>Takes the machine's state, every second or so.</summary>
    /// <returns>Why the gear changed, or null.</returns>
    public string? Feel(MachineState machine, TimeSpan now)
    {
        if (_settings.MaxCelsius is not { } max) return null;
        double? celsius = machine.Hottest?.Celsius;
        bool throttles = machine.Throttles.Count > 0, wasHot = _isHot;
        _isHot = throttles || celsius >= max || (_isHot && celsius > max - _settings.MarginCelsius);
        if (_isHot || wasHot) _calmSince = now;
        bool shallStep = throttles || celsius >= max;
        if (!shallStep || (_lastHeatStep != TimeSpan.MinValue && now - _lastHeatStep < _settings.HeatPause)) return null;
        _lastHeatStep = now;
        return Down(throttles ? $"the machine is throttling ({machine.Throttles[0]})" : $"{machine.Hottest!.Value.Name} is at {celsius:F1} degrees, limit {max:F1}", now);
    }

    private string? Down(string why, TimeSpan now)
    {
        ForgetFrames();
        _calmSince = now;
        // Whether the last step up was a mistake or lasted through its own calm.
        if (_lastUp != TimeSpan.MinValue) _calmDoublings = now - _lastUp < Calm() ? Math.Min(_calmDoublings + 1, MostCalmDoublings) : 0;
        if (_gear == _gears.Count - 1) return null;
        _gear++;
        StepsDown++;
        return why;
    }

    private string? StepUpWhenCalm(TimeSpan now)
    {
        if (_gear == 0 || _isHot || now - _calmSince < Calm()) return null;
        var calm = now - _calmSince;
        _gear--;
        StepsUp++;
        (_lastUp, _calmSince) = (now, now);
        ForgetFrames();
        return $"on time and cool for {calm.TotalSeconds:F1} s";
    }

    private TimeSpan Calm() => _settings.Calm * (1 << _calmDoublings);

    private void ForgetFrames()
    {
        Array.Clear(_late);
        (_at, _lateCount, _seen) = (0, 0, 0);
    }
}

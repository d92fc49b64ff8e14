using ResNetEdge.Device.Sensors;

namespace ResNetEdge.Service.Pacing;

/// <summary>
/// Decides how much the service does. One operating point down when too many of the last frames missed the deadline, or when the machine is hot
/// or throttles; one up when it was calm and cool for long enough. A step up that does not last doubles the calm that the next one needs,
/// so that a load between two points does not swing forever. Pure: time comes in with each call. The frames of all cameras count together, since they
/// share the machine and the model. From any thread.
/// </summary>
internal sealed class Scheduler
{
    private const int MostCalmDoublings = 6;
    private readonly BudgetSettings _settings;
    private readonly List<OperatingPoint> _points = []; // most work first
    private readonly bool[] _late; // the last frames, a ring
    private int _at, _lateCount, _seen;
    private readonly Lock _turn = new();
    private volatile int _current; // of the points
    private TimeSpan _calmSince;
    private TimeSpan _lastHeatStep = TimeSpan.MinValue;
    private TimeSpan _lastUp = TimeSpan.MinValue;
    private int _calmDoublings;
    private bool _isHot;

    /// <summary>Begins with the whole network on every frame.</summary>
    /// <param name="settings">The limits of time and heat.</param>
    /// <param name="levels">That the package's ladder has besides 0.</param>
    /// <param name="now">On the monotonic clock.</param>
    public Scheduler(BudgetSettings settings, int levels, TimeSpan now)
    {
        (_settings, _calmSince) = (settings, now);
        _late = new bool[settings.Window];
        int deepest = Math.Min(levels, settings.MaxLevel);
        for (int level = 0; level <= deepest; level++) _points.Add(new OperatingPoint(level, 1));
        for (int divisor = 2; divisor <= settings.MaxDivisor; divisor *= 2) _points.Add(new OperatingPoint(deepest, divisor));
    }

    /// <summary>How much the service is to do now.</summary>
    public OperatingPoint OperatingPoint => _points[_current];

    /// <summary>Frames that missed the deadline.</summary>
    public long Misses { get; private set; }

    /// <summary>How often a cheaper level was chosen.</summary>
    public long StepsDown { get; private set; }

    /// <summary>How often a costlier level was chosen.</summary>
    public long StepsUp { get; private set; }

    /// <summary>The machine is hot or throttles, as of the last <see cref="CheckHeat"/>.</summary>
    public bool IsHot => _isHot;

    /// <summary>Counts a frame that was run.</summary>
    /// <param name="latency">From the camera's shutter to its result.</param>
    /// <param name="now">On the monotonic clock.</param>
    /// <returns>Why the operating point changed, or null.</returns>
    public string? CountFrame(TimeSpan latency, TimeSpan now)
    {
        lock (_turn) return Count(latency, now);
    }

    /// <summary>Looks at the machine's heat, every second or so.</summary>
    /// <param name="machine">As its sensors say now.</param>
    /// <param name="now">On the monotonic clock.</param>
    /// <returns>Why the operating point changed, or null.</returns>
    public string? CheckHeat(MachineState machine, TimeSpan now)
    {
        lock (_turn) return Check(machine, now);
    }

    private string? Count(TimeSpan latency, TimeSpan now)
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
        return _lateCount >= _settings.Misses
            ? StepDown($"{_lateCount} of the last {_seen} frames took longer than {budget.TotalMilliseconds:G4} ms", now)
            : null;
    }

    private string? Check(MachineState machine, TimeSpan now)
    {
        if (_settings.MaxCelsius is not { } max) return null;
        double? celsius = machine.Hottest?.Celsius;
        bool throttles = machine.Throttles.Count > 0, wasHot = _isHot;
        _isHot = throttles || celsius >= max || (_isHot && celsius > max - _settings.MarginCelsius);
        if (_isHot || wasHot) _calmSince = now;
        bool mustStep = throttles || celsius >= max;
        if (!mustStep || (_lastHeatStep != TimeSpan.MinValue && now - _lastHeatStep < _settings.HeatPause)) return null;
        _lastHeatStep = now;
        string why = throttles
            ? $"the machine is throttling ({machine.Throttles[0]})"
            : $"{machine.Hottest!.Value.Name} is at {celsius:F1} degrees, limit {max:F1}";
        return StepDown(why, now);
    }

    private string? StepDown(string why, TimeSpan now)
    {
        ForgetFrames();
        _calmSince = now;
        // Whether the last step up was a mistake or lasted through its own calm.
        if (_lastUp != TimeSpan.MinValue) _calmDoublings = now - _lastUp < Calm() ? Math.Min(_calmDoublings + 1, MostCalmDoublings) : 0;
        if (_current == _points.Count - 1) return null;
        Move(1);
        StepsDown++;
        return why;
    }

    private string? StepUpWhenCalm(TimeSpan now)
    {
        if (_current == 0 || _isHot || now - _calmSince < Calm()) return null;
        var calm = now - _calmSince;
        Move(-1);
        StepsUp++;
        (_lastUp, _calmSince) = (now, now);
        ForgetFrames();
        return $"on time and cool for {calm.TotalSeconds:F1} s";
    }

    private TimeSpan Calm() => _settings.Calm * (1 << _calmDoublings);

    private void Move(int by) => _current += by;

    private void ForgetFrames()
    {
        Array.Clear(_late);
        (_at, _lateCount, _seen) = (0, 0, 0);
    }
}

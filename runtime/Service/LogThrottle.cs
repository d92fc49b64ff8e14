namespace ResNetEdge.Service;

/// <summary>
/// Which lines of a log are written: of each kind a number at once, then as many as a kind earns back with time. A fault that shows with each frame
/// or each try would else fill a disk, and push everything else off the page. For one thread at a time.
/// </summary>
/// <param name="time">By which lines are earned back.</param>
internal sealed class LogThrottle(TimeProvider time)
{
    /// <summary>Key of the pair that says how many lines of its kind were left out before a line.</summary>
    public const string Key = "left_out";

    private const int MostKinds = 512;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly Rate Faults = new(Burst: 30, Each: TimeSpan.FromMinutes(1)), Changes = new(Burst: 300, Each: TimeSpan.FromSeconds(1));
    private readonly Dictionary<(string Sentence, string? Of, string? Camera), Kind> _kinds = [];

    /// <summary>Whether a line is written.</summary>
    /// <param name="level">Changes (<see cref="LogLevel.Info"/>) may come often.</param>
    /// <param name="sentence">Tells its kind, up to a colon.</param>
    /// <param name="first">Of its pairs: outputs and rules are kinds of their own.</param>
    /// <param name="camera">That it is about: a kind of its own; null: the service's one camera has no name, or it is about none.</param>
    /// <param name="leftOut">Lines of its kind that were left out before it.</param>
    public bool Lets(LogLevel level, string sentence, (string Key, object? Value) first, string? camera, out long leftOut)
    {
        int colon = sentence.IndexOf(':', StringComparison.Ordinal);
        var key = (colon < 0 ? sentence : sentence[..colon], first.Key is "output" or "rule" ? first.Value as string : null, camera);
        var rate = level == LogLevel.Info ? Changes : Faults;
        var now = TimeSpan.FromTicks(time.GetElapsedTime(0).Ticks);
        if (!_kinds.TryGetValue(key, out var kind))
        {
            if (_kinds.Count >= MostKinds) _kinds.Remove(_kinds.MinBy(k => k.Value.Last).Key);
            _kinds[key] = kind = new Kind { Level = level, Left = rate.Burst, Last = now };
        }

        kind.Left = Math.Min(rate.Burst, kind.Left + (now - kind.Last) / rate.Each);
        kind.Last = now;
        leftOut = kind.LeftOut;
        if (kind.Left < 1)
        {
            kind.LeftOut++;
            return false;
        }

        kind.Left--;
        kind.LeftOut = 0;
        return true;
    }

    /// <summary>
    /// Kinds that no longer repeat, with the number of their lines that were left out since the last one that was written; each is told once.
    /// </summary>
    public IReadOnlyList<(LogLevel Level, string Sentence, long LeftOut)> Settle()
    {
        var now = TimeSpan.FromTicks(time.GetElapsedTime(0).Ticks);
        List<(LogLevel, string, long)> settled = [];
        foreach (var (key, kind) in _kinds)
        {
            if (kind.LeftOut == 0 || now - kind.Last < Quiet) continue;
            settled.Add((kind.Level, key.Sentence, kind.LeftOut));
            kind.LeftOut = 0;
        }

        return settled;
    }

    private readonly record struct Rate(int Burst, TimeSpan Each);

    private sealed class Kind
    {
        public LogLevel Level { get; init; }

        public double Left { get; set; }

        public TimeSpan Last { get; set; }

        public long LeftOut { get; set; }
    }
}

namespace ResNetEdge.Service.Outputs.Frames;

/// <summary>
/// Compares how the scores of the last 24 hours are spread with those of the first 24: a whole day, since a night differs from a noon. Two histograms
/// of <see cref="Steps"/> equal steps, the later one by hours; a score costs an addition, and once a minute the two are compared. Allocates nothing.
/// For the frame thread; <see cref="TakeReference"/> from any.
/// </summary>
/// <remarks>Population stability index: the sum of (q − p) ln(q / p) over the steps' shares p and q. Source: Siddiqi, Credit Risk Scorecards
/// (2006), which calls less than 0.1 no change and more than 0.25 a large one.</remarks>
internal sealed class ScoreDrift
{
    /// <summary>Of a histogram, from 0 to 1.</summary>
    public const int Steps = 20;

    private const int Hours = 24;
    private const double LeastShare = 1e-4; // of an empty step, whose logarithm there would not be
    private static readonly TimeSpan Day = TimeSpan.FromHours(Hours), Minute = TimeSpan.FromMinutes(1);
    private readonly double _limit;
    private readonly long[] _reference = new long[Steps];
    private readonly long[] _hours = new long[Hours * Steps]; // a ring
    private readonly TimeSpan _began;
    private long _hour;
    private TimeSpan _compared;
    private bool _hasReference;
    private long[]? _toKeep;

    /// <summary>Begins to count.</summary>
    /// <param name="limit">Index from which on scores have drifted.</param>
    /// <param name="reference">The first day's histogram of an earlier run; null: this is the first day.</param>
    /// <param name="now">On the monotonic clock.</param>
    public ScoreDrift(double limit, long[]? reference, TimeSpan now)
    {
        (_limit, _began, _compared, _hasReference) = (limit, now, now, reference is not null);
        reference?.CopyTo(_reference, 0);
    }

    /// <summary>Scores are spread otherwise.</summary>
    public bool IsDrifting { get; private set; }

    /// <summary>How far; 0 before there are two days to compare.</summary>
    public double Index { get; private set; }

    /// <summary>Counts a score.</summary>
    /// <param name="score">0 to 1.</param>
    /// <param name="now">On the monotonic clock.</param>
    /// <returns>Whether the first day ended with it, whose histogram is to be kept.</returns>
    public bool Add(float score, TimeSpan now)
    {
        bool endsFirstDay = !_hasReference && now - _began >= Day;
        if (endsFirstDay)
        {
            _hasReference = true;
            Volatile.Write(ref _toKeep, (long[])_reference.Clone());
        }

        Turn((long)(now - _began).TotalHours);
        int step = Math.Clamp((int)(score * Steps), 0, Steps - 1); // a NaN is 0
        _hours[((_hour % Hours) * Steps) + step]++;
        if (!_hasReference) _reference[step]++;
        if (_hasReference && now - _compared >= Minute && now - _began >= Day)
        {
            _compared = now;
            Compare();
        }

        return endsFirstDay;
    }

    /// <summary>The first day's histogram, once after it has ended; null: nothing is to be kept.</summary>
    public long[]? TakeReference() => Interlocked.Exchange(ref _toKeep, null);

    // Hours without frames are empty ones.
    private void Turn(long hour)
    {
        for (long h = Math.Max(_hour + 1, hour - Hours + 1); h <= hour; h++) Array.Clear(_hours, (int)(h % Hours) * Steps, Steps);
        _hour = hour;
    }

    private void Compare()
    {
        long first = 0, last = 0;
        foreach (long count in _reference) first += count;
        foreach (long count in _hours) last += count;
        if (first == 0 || last == 0) return;
        double index = 0;
        for (int step = 0; step < Steps; step++)
        {
            long count = 0;
            for (int h = 0; h < Hours; h++) count += _hours[(h * Steps) + step];
            double p = Math.Max((double)_reference[step] / first, LeastShare), q = Math.Max((double)count / last, LeastShare);
            index += (q - p) * Math.Log(q / p);
        }

        (Index, IsDrifting) = (index, index >= _limit);
    }
}

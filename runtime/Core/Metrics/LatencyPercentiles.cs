namespace ResNetEdge.Metrics;

/// <summary>
/// Durations of one thing done many times, and their percentiles by nearest rank: p is the smallest sample that at least p % of the
/// samples do not exceed, so every figure is a duration that was really seen. The buffer is made once; <see cref="Add"/> allocates nothing.
/// </summary>
/// <param name="capacity">Samples kept; further ones are counted out and <see cref="IsFull"/> says so.</param>
internal sealed class LatencyPercentiles(int capacity)
{
    private readonly TimeSpan[] _samples = new TimeSpan[capacity];
    private bool _sorted = true;

    /// <summary>Samples so far.</summary>
    public int Count { get; private set; }

    /// <summary>No further sample is taken.</summary>
    public bool IsFull => Count == _samples.Length;

    /// <summary>The shortest.</summary>
    public TimeSpan Min => Percentile(0);

    /// <summary>Samples in rising order.</summary>
    public ReadOnlySpan<TimeSpan> Sorted
    {
        get
        {
            if (!_sorted) Array.Sort(_samples, 0, Count);
            _sorted = true;
            return _samples.AsSpan(0, Count);
        }
    }

    /// <summary>Takes one sample.</summary>
    /// <exception cref="InvalidOperationException">The buffer is full.</exception>
    public void Add(TimeSpan sample)
    {
        if (IsFull) throw new InvalidOperationException($"more than {_samples.Length} samples");
        _samples[Count++] = sample;
        _sorted = false;
    }

    /// <summary>The sample of that rank: <c>ceil(percent / 100 × count)</c>, at least the first.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <exception cref="InvalidOperationException">There is no sample.</exception>
    public TimeSpan Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        if (Count == 0) throw new InvalidOperationException("a percentile of no samples");
        int rank = Math.Max(1, (int)Math.Ceiling(percent * Count / 100));
        return Sorted[rank - 1];
    }
}

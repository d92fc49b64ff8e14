namespace ResNetEdge.Service.Timing;

/// <summary>Durations counted in fixed buckets; adding allocates nothing, reading may run beside it on another thread.</summary>
internal sealed class LatencyHistogram
{
    private readonly long[] _counts = new long[UpperMs.Length + 1]; // the last: above all bounds
    private long _sumTicks;

    /// <summary>Upper bounds of the buckets in milliseconds, inclusive; a last one without bound follows.</summary>
    public static ReadOnlySpan<double> UpperMs => [0.1, 0.2, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000, 2000, 5000];

    /// <summary>Counts per bucket, not summed up; one more than there are bounds.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Number of samples since the start.</summary>
    public long Count
    {
        get
        {
            long all = 0;
            for (int i = 0; i < _counts.Length; i++) all += Volatile.Read(ref _counts[i]);
            return all;
        }
    }

    /// <summary>Sum of all samples.</summary>
    public TimeSpan Sum => new(Volatile.Read(ref _sumTicks));

    /// <summary>Counts one; by one thread.</summary>
    public void Add(TimeSpan sample)
    {
        double ms = sample.TotalMilliseconds;
        int bucket = 0;
        while (bucket < UpperMs.Length && ms > UpperMs[bucket]) bucket++;
        Volatile.Write(ref _counts[bucket], _counts[bucket] + 1);
        Volatile.Write(ref _sumTicks, _sumTicks + sample.Ticks);
    }

    /// <summary>The samples of several histograms together; of one alone, that one.</summary>
    public static LatencyHistogram Together(IReadOnlyList<LatencyHistogram> all)
    {
        if (all is [var only]) return only;
        var sum = new LatencyHistogram();
        foreach (var one in all)
        {
            for (int i = 0; i < sum._counts.Length; i++) sum._counts[i] += Volatile.Read(ref one._counts[i]);
            sum._sumTicks += Volatile.Read(ref one._sumTicks);
        }

        return sum;
    }

    /// <summary>
    /// A percentile as the bound of the bucket that holds it, in milliseconds; null without samples, infinite above the last bound.
    /// </summary>
    public double? PercentileMs(double percent)
    {
        long all = Count;
        if (all == 0) return null;
        long rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * all));
        for (int i = 0; i < UpperMs.Length; i++)
        {
            rank -= Volatile.Read(ref _counts[i]);
            if (rank <= 0) return UpperMs[i];
        }

        return double.PositiveInfinity;
    }
}

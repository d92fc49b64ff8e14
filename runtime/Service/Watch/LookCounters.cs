using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Watch;

/// <summary>Looks of one camera since the process started; counted by one thread at a time, read by others without a lock.</summary>
internal sealed class LookCounters
{
    /// <summary>Looks that had all their frames.</summary>
    public long Whole { get; private set; }

    /// <summary>Looks that ended with fewer frames than asked for.</summary>
    public long Short { get; private set; }

    /// <summary>From each question to its answer.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Counts a look.</summary>
    /// <param name="isWhole">It had all its frames.</param>
    public void Add(bool isWhole)
    {
        if (isWhole) Whole++;
        else Short++;
    }
}

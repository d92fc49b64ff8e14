using ResNetEdge.Service.Timing;

namespace ResNetEdge.Service.Watch;

/// <summary>
/// What the frame thread of a camera counts; read by others without a lock, so each number is right and two of them may be a frame apart.
/// </summary>
internal sealed class FrameCounters
{
    private const int RateWindow = 64;
    private readonly long[] _recent = new long[RateWindow]; // ticks of the last frames' monotonic times, a ring

    /// <summary>Frames that were run.</summary>
    public long Frames { get; private set; }

    /// <summary>Frames left out by the scheduler.</summary>
    public long Skipped { get; set; }

    /// <summary>Frames that could not be decoded.</summary>
    public long Undecodable { get; set; }

    /// <summary>From the camera's shutter to the result.</summary>
    public LatencyHistogram EndToEnd { get; } = new();

    /// <summary>The network alone.</summary>
    public LatencyHistogram Infer { get; } = new();

    /// <summary>Conversion to quantisation.</summary>
    public LatencyHistogram Preprocess { get; } = new();

    /// <summary>Counts a frame that was run.</summary>
    public void Add(FrameResult result)
    {
        _recent[Frames % RateWindow] = result.DoneTime.Ticks;
        Frames++;
        EndToEnd.Add(result.EndToEnd);
        Infer.Add(result.Infer);
        Preprocess.Add(result.Preprocess);
    }

    /// <summary>Frames per second over the last frames, none older than ten seconds; 0 when there are fewer than two.</summary>
    public double FramesPerSecond(TimeSpan now)
    {
        long oldest = now.Ticks - (10 * TimeSpan.TicksPerSecond);
        int count = 0;
        long first = long.MaxValue;
        for (int i = 0; i < Math.Min(Frames, RateWindow); i++)
        {
            long at = Volatile.Read(ref _recent[i]);
            if (at < oldest) continue;
            count++;
            first = Math.Min(first, at);
        }

        return count < 2 ? 0 : count / TimeSpan.FromTicks(Math.Max(1, now.Ticks - first)).TotalSeconds;
    }
}

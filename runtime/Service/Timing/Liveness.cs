using ResNetEdge.Device;

namespace ResNetEdge.Service.Timing;

/// <summary>
/// How long ago a frame was answered: decoded, run and handed to the rules. A frame that merely came counts for nothing, and the time that the
/// machine slept counts, since what was seen before it is no newer for that. From any thread.
/// </summary>
/// <param name="time">The monotonic clock, which stands still while the machine sleeps.</param>
/// <param name="asleep">How long the machine has slept since it was started.</param>
internal sealed class Liveness(TimeProvider time, Func<TimeSpan> asleep)
{
    private long _answered = (time.Now() + asleep()).Ticks;
    private long _work;

    /// <summary>Since the last frame that was answered, or since the camera was opened after it.</summary>
    public TimeSpan Age => time.Now() + asleep() - TimeSpan.FromTicks(Volatile.Read(ref _answered));

    /// <summary>How long the work on the last frame took: a slow network is no standstill.</summary>
    public TimeSpan Work => TimeSpan.FromTicks(Volatile.Read(ref _work));

    /// <summary>
    /// Whether what was decided last is too old. A frame's own work does not count: a slow network answers rarely, and does answer.
    /// </summary>
    /// <param name="stall">Longest age, besides twice the work on a frame.</param>
    public bool IsOverdue(TimeSpan stall) => Age >= stall + (2 * Work);

    /// <summary>A camera was opened: it has its time from now on.</summary>
    public void Begin() => Volatile.Write(ref _answered, (time.Now() + asleep()).Ticks);

    /// <summary>A frame was answered.</summary>
    /// <param name="work">That it took.</param>
    public void Answered(TimeSpan work)
    {
        Volatile.Write(ref _work, work.Ticks);
        Begin();
    }
}

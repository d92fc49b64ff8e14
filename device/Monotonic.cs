using ResNetEdge.Device.Native;

namespace ResNetEdge.Device;

/// <summary>The monotonic clock as a time span, comparable with the cameras' own times: both count CLOCK_MONOTONIC.</summary>
internal static class Monotonic
{
    /// <summary>The time of the monotonic clock.</summary>
    public static TimeSpan Now(this TimeProvider time)
    {
        long stamp = time.GetTimestamp(), frequency = time.TimestampFrequency;
        return TimeSpan.FromTicks(frequency == TimeSpan.TicksPerSecond ? stamp : (long)((Int128)stamp * TimeSpan.TicksPerSecond / frequency));
    }

    /// <summary>
    /// How long the machine has slept since it was started: this clock stands still meanwhile. Zero where the system does not tell.
    /// </summary>
    public static TimeSpan Asleep() => Libc.SinceBoot() - TimeProvider.System.Now() is { } asleep && asleep > TimeSpan.Zero ? asleep : TimeSpan.Zero;

    /// <summary>Waits for an event by this clock.</summary>
    /// <returns>False when the time ran out.</returns>
    public static bool Wait(this TimeProvider time, ManualResetEventSlim signal, TimeSpan timeout)
    {
        if (time == TimeProvider.System) return signal.Wait(timeout);
        using var over = new CancellationTokenSource(timeout, time);
        try
        {
            signal.Wait(over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

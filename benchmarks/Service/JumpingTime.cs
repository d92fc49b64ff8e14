namespace ResNetEdge.Benchmarks.Service;

/// <summary>The system's clocks, the wall clock moved by a number of hours that somebody keeps changing.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _hours;

    /// <summary>Sets the wall clock.</summary>
    public void Jump(long hours) => Volatile.Write(ref _hours, hours);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(Volatile.Read(ref _hours));
}

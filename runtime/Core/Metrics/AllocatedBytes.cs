namespace ResNetEdge.Metrics;

/// <summary>Managed memory that a piece of work allocates, on whatever thread; exact, and the same every time for the same work.</summary>
internal static class AllocatedBytes
{
    /// <summary>Bytes per run, rounded up, over that many runs after one that is not counted.</summary>
    public static long PerRun(Action run, int runs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(runs);
        run();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < runs; i++) run();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return (allocated + runs - 1) / runs;
    }
}

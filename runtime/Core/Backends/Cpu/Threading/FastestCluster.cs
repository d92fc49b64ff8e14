using ResNetEdge.Device.Cpu;

namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// How many threads share an inference where nobody says: the cores of the fastest cluster. A second cluster's cores pass data through memory, and
/// small cores hold the large ones up in every step that does not divide.
/// </summary>
internal static class FastestCluster
{
    /// <summary>
    /// More threads than this gain little on networks of this size, whose steps take some 100 µs: the fork and the join grow, the parts do not.
    /// </summary>
    public const int Most = 8;

    /// <summary>Whole cores of the largest cluster among the fastest cores, lowest number first; 1 to <see cref="Most"/> of them.</summary>
    /// <param name="cores">At least one.</param>
    public static IReadOnlyList<CpuCore> Of(IReadOnlyList<CpuCore> cores)
    {
        int fastest = cores.Max(c => c.Capacity);
        var whole = cores.Where(c => c.Capacity == fastest && c.Sibling == 0).ToList();
        // A process may be kept on second hardware threads alone.
        if (whole.Count == 0) whole = [.. cores.Where(c => c.Capacity == fastest)];
        var cluster = whole.GroupBy(c => c.Cluster).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
        return [.. cluster.OrderBy(c => c.Index).Take(Most)];
    }
}

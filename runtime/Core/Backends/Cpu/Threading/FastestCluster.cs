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
        int fastest = 0;
        foreach (var core in cores) fastest = Math.Max(fastest, core.Capacity);
        List<CpuCore> largest = [];
        // A process may be kept on second hardware threads alone.
        for (int sibling = 0; largest.Count == 0; sibling++)
        {
            foreach (var core in cores)
            {
                var cluster = Cluster(cores, fastest, sibling, core.Cluster);
                if (cluster.Count > largest.Count || (cluster.Count == largest.Count && cluster.Count > 0 && core.Cluster < largest[0].Cluster))
                    largest = cluster;
            }
        }

        largest.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return largest.Count > Most ? largest[..Most] : largest;
    }

    private static List<CpuCore> Cluster(IReadOnlyList<CpuCore> cores, int capacity, int sibling, int cluster)
    {
        List<CpuCore> found = [];
        foreach (var core in cores)
            if ((core.Capacity, core.Sibling, core.Cluster) == (capacity, sibling, cluster)) found.Add(core);
        return found;
    }
}

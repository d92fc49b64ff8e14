using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>
/// Gives every storage its place: storages whose lifetimes overlap never share bytes, all others may. Largest first, each into the
/// tightest gap that is free over its lifetime (greedy by size; Pisarchyk and Lee, arXiv:2001.03288).
/// </summary>
internal static class ArenaLayout
{
    private const long Alignment = 64;

    /// <summary>Places all storages and returns the arena's size in bytes, read slack included.</summary>
    public static long Place(IEnumerable<Storage> storages)
    {
        var placed = new PlacedStorages();
        long size = 0;
        foreach (var storage in storages.Select(s => s.Root).Distinct().OrderByDescending(s => s.Bytes).ThenBy(s => s.First))
        {
            long needed = Align(storage.Bytes), at = 0, best = -1, bestGap = long.MaxValue;
            foreach (var other in placed.AliveWith(storage))
            {
                if (other.Offset - at >= needed && other.Offset - at < bestGap) (best, bestGap) = (at, other.Offset - at);
                at = Math.Max(at, other.Offset + Align(other.Bytes));
            }

            storage.Offset = best >= 0 ? best : at;
            size = Math.Max(size, storage.Offset + needed);
            placed.Add(storage);
        }

        return size + Placement.ReadSlack;
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}

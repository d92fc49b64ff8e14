namespace ResNetEdge.Backends.Cpu.Threading;

/// <summary>
/// How many parts of a step each thread takes. Equal cores take one each; where big and small cores work together (Arm big.LITTLE), a
/// step is cut finer and each takes parts in proportion to its speed, so that all finish together.
/// </summary>
internal static class Shares
{
    /// <summary>Parts that the slowest core takes where cores differ: enough to tell 1.5 from 2, few enough that parts stay large.</summary>
    private const int Finest = 2;

    /// <summary>Replaces each capacity by its core's parts.</summary>
    /// <param name="capacities">At least one, all positive.</param>
    /// <returns>All parts together.</returns>
    public static int Divide(Span<int> capacities)
    {
        int least = int.MaxValue, most = 0, parts = 0;
        foreach (int capacity in capacities)
            (least, most) = (Math.Min(least, capacity), Math.Max(most, capacity));
        foreach (ref int share in capacities)
        {
            share = least == most ? 1 : Of(share, least);
            parts += share;
        }

        return parts;
    }

    /// <summary>The most parts that so many of these cores can come to.</summary>
    public static int Most(IEnumerable<int> capacities, int threads)
    {
        int[] all = [.. capacities];
        return threads * (all.Min() == all.Max() || threads == 1 ? 1 : Of(all.Max(), all.Min()));
    }

    private static int Of(int capacity, int least) => (int)Math.Round((double)Finest * capacity / least, MidpointRounding.AwayFromZero);
}

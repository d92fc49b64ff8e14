namespace ResNetEdge.Engines.Threading;

/// <summary>
/// How many parts of a step each thread takes. Equal cores take one each; where big and small cores work together (Arm big.LITTLE), a
/// step is cut finer and each takes parts in proportion to its speed, so that all finish together.
/// </summary>
internal static class Shares
{
    /// <summary>Parts that the slowest core takes where cores differ: enough to tell 1.5 from 2, few enough that parts stay large.</summary>
    private const int Finest = 2;

    /// <summary>Parts for each of these capacities.</summary>
    /// <param name="capacities">At least one, all positive.</param>
    public static int[] Of(IReadOnlyList<int> capacities)
    {
        int least = capacities.Min();
        return capacities.All(c => c == least)
            ? [.. capacities.Select(_ => 1)]
            : [.. capacities.Select(c => (int)Math.Round((double)Finest * c / least, MidpointRounding.AwayFromZero))];
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>The passes, in the order in which they run; order is meaning. Exporter and runtime run the same list.</summary>
internal static class PassList
{
    /// <summary>Every pass.</summary>
    public static readonly Pass[] All =
    [
        new ConvertToOpset17(),
        new FoldShapes(),
        new EliminateIdentity(),
        new FoldConstants(),
        new EliminateCast(),
        new FoldBatchNormIntoConv(),
        new FoldAddIntoConvBias(),
        new ConvertBatchNormToConv(),
        new EliminateDeadNodes(),
    ];

    /// <summary>Runs all passes on a copy and returns it.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph uses what this project does not support.</exception>
    public static Graph Run(Graph graph)
    {
        var result = graph.Clone();
        foreach (var pass in All) pass.Run(result);
        return result;
    }
}

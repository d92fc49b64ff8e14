using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>The passes, in the order in which they run; order is meaning. Exporter and runtime run the same list.</summary>
internal static class PassList
{
    /// <summary>Every pass.</summary>
    public static readonly Pass[] All =
    [
        new WidenFloats(),
        new ConvertToOpset17(),
        new EliminateIdentity(),
        new FoldConstants(),
        new EliminateCast(),
        new RecognizeLayerNormalization(),
        new ConvertReduceMeanToPool(),
        new FoldBatchNormIntoConv(),
        new FoldAffineIntoLayer(),
        new ConvertBatchNormToConv(),
        new LiftOneAxisToTwo(),
        new FlattenMatMulRows(),
        new EliminateDeadNodes(),
    ];

    /// <summary>The file's network in the one form that all operators here have, and nothing else changed: a copy after the first passes.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph uses what this project does not support.</exception>
    public static Graph Read(Graph graph)
    {
        var result = graph.Clone();
        new WidenFloats().Run(result);
        new ConvertToOpset17().Run(result);
        return result;
    }

    /// <summary>Runs all passes on a copy and returns it.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph uses what this project does not support.</exception>
    public static Graph Run(Graph graph)
    {
        var result = graph.Clone();
        foreach (var pass in All) pass.Run(result);
        return result;
    }
}

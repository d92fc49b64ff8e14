using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>The import passes, in the order in which they run; order is meaning.</summary>
internal static class ImportPassList
{
    /// <summary>Every import pass.</summary>
    public static readonly Pass[] All =
    [
        new FeedFloatPixels(),
        new FeedChannelsFirst(),
        new SinkTransposes(),
        new FoldTransposeIntoGemm(),
        new ConvertReduceMeanToPool(),
        new ConvertMatMulToGemm(),
        new FoldPadIntoWindow(),
    ];

    // What the import passes need: one float type, one opset, known shapes, constants as constants.
    private static readonly Pass[] Before =
        [new WidenFloats(), new ConvertToOpset17(), new EliminateIdentity(), new FoldConstants(), new EliminateCast()];

    /// <summary>Runs all on a copy and returns it.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph uses what this project does not support.</exception>
    public static Graph Run(Graph graph)
    {
        var result = graph.Clone();
        foreach (var pass in Before.Concat(All)) pass.Run(result);
        new EliminateDeadNodes().Run(result);
        return result;
    }
}

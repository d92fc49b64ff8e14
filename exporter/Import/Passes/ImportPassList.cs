using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>The import passes, in the order in which they run; order is meaning.</summary>
internal static class ImportPassList
{
    /// <summary>Every import pass.</summary>
    public static readonly ImportPass[] All = [];

    /// <summary>Runs all on a copy and returns it.</summary>
    /// <exception cref="EdgeException">Exit 3: the graph uses what this project does not support.</exception>
    public static Graph Run(Graph graph)
    {
        var result = graph.Clone();
        foreach (var pass in All) pass.Run(result);
        return result;
    }
}

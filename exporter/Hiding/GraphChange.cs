using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>Another way to compute one value of a graph.</summary>
/// <param name="Value">The value.</param>
/// <param name="Nodes">Compute it, in order, from values of the graph that stand before it; the last one gives it.</param>
/// <param name="Constants">Of the nodes, under names that the graph does not have.</param>
internal sealed record GraphChange(string Value, IReadOnlyList<Node> Nodes, IReadOnlyDictionary<string, Tensor> Constants)
{
    /// <summary>A copy of a graph with changes made, and without what is no longer needed. The changed values keep their names.</summary>
    /// <param name="graph">Not changed.</param>
    /// <param name="changes">Of different values.</param>
    public static Graph Apply(Graph graph, IEnumerable<GraphChange> changes)
    {
        var result = graph.Clone();
        foreach (var change in changes)
        {
            int at = result.Nodes.FindIndex(n => n.Outputs.Contains(change.Value));
            result.Nodes.RemoveAt(at);
            result.Nodes.InsertRange(at, change.Nodes.Select(n => n.Clone()));
            foreach (var (name, constant) in change.Constants) result.Initializers[name] = constant;
        }

        new EliminateDeadNodes().Run(result);
        return result;
    }
}

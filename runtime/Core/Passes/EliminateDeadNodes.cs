using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>Before: nodes and constants that no output depends on. After: gone.</summary>
internal sealed class EliminateDeadNodes : Pass
{
    public override bool Run(Graph graph)
    {
        var needed = graph.OutputNames();
        int before = graph.Nodes.Count + graph.Initializers.Count;
        var kept = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes.AsEnumerable().Reverse())
        {
            if (!node.Outputs.Exists(needed.Contains)) continue;
            needed.UnionWith(node.Inputs);
            kept.Add(node);
        }

        kept.Reverse();
        graph.Nodes.Clear();
        graph.Nodes.AddRange(kept);
        foreach (string name in graph.Initializers.Keys.ToArray())
            if (!needed.Contains(name)) graph.Initializers.Remove(name);
        return graph.Nodes.Count + graph.Initializers.Count != before;
    }
}

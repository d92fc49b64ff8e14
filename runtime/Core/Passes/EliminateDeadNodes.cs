using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>Before: nodes and constants that no output depends on. After: gone.</summary>
internal sealed class EliminateDeadNodes : Pass
{
    public override bool Run(Graph graph)
    {
        var needed = graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        int before = graph.Nodes.Count + graph.Initializers.Count;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i].Outputs.Exists(needed.Contains)) needed.UnionWith(graph.Nodes[i].Inputs);
            else graph.Nodes.RemoveAt(i);
        }

        foreach (string name in graph.Initializers.Keys.ToArray())
            if (!needed.Contains(name)) graph.Initializers.Remove(name);
        return graph.Nodes.Count + graph.Initializers.Count != before;
    }
}

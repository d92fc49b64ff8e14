using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.Import.Passes;

/// <summary>
/// A rewrite that brings what a framework's exporter leaves behind into this project's form; it
/// runs before the passes that every graph goes through. One file each.
/// </summary>
internal abstract class ImportPass : Pass
{
    /// <summary>The node that makes each value.</summary>
    protected static Dictionary<string, Node> Producers(Graph graph)
    {
        var producers = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
            foreach (string output in node.Outputs.Where(static o => o.Length > 0)) producers[output] = node;
        return producers;
    }

    /// <summary>A value name not taken yet.</summary>
    protected static string Fresh(HashSet<string> taken, string name)
    {
        string candidate = name;
        for (int i = 2; !taken.Add(candidate); i++) candidate = $"{name}_{i}";
        return candidate;
    }

    /// <summary>Every name of a node or value.</summary>
    protected static HashSet<string> Names(Graph graph) => new(
        [.. graph.Nodes.SelectMany(static n => n.Outputs.Append(n.Name)), .. graph.Initializers.Keys, .. graph.Inputs.Select(static i => i.Name)],
        StringComparer.Ordinal);
}

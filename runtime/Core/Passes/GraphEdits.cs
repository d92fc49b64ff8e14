using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>Small edits that several passes make.</summary>
internal static class GraphEdits
{
    /// <summary>The nodes that read each value, one entry per use.</summary>
    public static Dictionary<string, List<Node>> Consumers(this Graph graph)
    {
        var consumers = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
            foreach (string input in node.Inputs)
            {
                if (input.Length == 0) continue;
                if (!consumers.TryGetValue(input, out var list)) consumers[input] = list = [];
                list.Add(node);
            }

        return consumers;
    }

    /// <summary>Whether the caller gets this value.</summary>
    public static bool IsOutput(this Graph graph, string value) => graph.Outputs.Exists(o => o.Name == value);

    /// <summary>Names of what the caller gets, for passes that ask for many values.</summary>
    public static HashSet<string> OutputNames(this Graph graph) => graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Notes that the file has a new value in the precision in which it has another.</summary>
    public static void MarkLike(this Graph graph, string value, string made)
    {
        if (graph.Halves.Contains(value)) graph.Halves.Add(made);
    }

    /// <summary>Names that no value of a graph has yet, for passes that add many.</summary>
    public static FreshNames FreshNames(this Graph graph) =>
        new([.. graph.Nodes.SelectMany(n => n.Outputs), .. graph.Initializers.Keys, .. graph.Inputs.Select(i => i.Name)]);

    /// <summary>Adds a constant under a name not taken yet and returns that name.</summary>
    public static string AddConstant(this Graph graph, FreshNames names, string name, Tensor value) => graph.Add(names.Of(name), value);

    /// <summary>Adds a constant under a name not taken yet and returns that name.</summary>
    public static string AddConstant(this Graph graph, string name, Tensor value) => graph.AddConstant(graph.FreshNames(), name, value);
}

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

    /// <summary>Makes every reader of one value read another.</summary>
    public static void Redirect(this Graph graph, string from, string to)
    {
        foreach (var node in graph.Nodes)
            for (int i = 0; i < node.Inputs.Count; i++)
                if (node.Inputs[i] == from) node.Inputs[i] = to;
    }

    /// <summary>Removes a node whose only output equals its first input.</summary>
    /// <returns>False when it must stay: its output is one of the network's and its input an input, a constant or an output too, which keep their names.</returns>
    public static bool Bypass(this Graph graph, int index)
    {
        string from = graph.Nodes[index].Inputs[0], to = graph.Nodes[index].Output;
        if (!graph.IsOutput(to))
        {
            graph.Nodes.RemoveAt(index);
            graph.Redirect(to, from);
            return true;
        }

        // The producer takes over the output's name.
        var producer = graph.Nodes.Find(n => n.Outputs.Contains(from));
        if (producer is null || graph.IsOutput(from)) return false;
        producer.Outputs[producer.Outputs.IndexOf(from)] = to;
        graph.Nodes.RemoveAt(index);
        graph.Redirect(from, to);
        return true;
    }

    /// <summary>Names that no value of a graph has yet, for passes that add many.</summary>
    public static FreshNames FreshNames(this Graph graph) => new([.. graph.Nodes.SelectMany(n => n.Outputs), .. graph.Initializers.Keys, .. graph.Inputs.Select(i => i.Name)]);

    /// <summary>Adds a constant under a name not taken yet and returns that name.</summary>
    public static string AddConstant(this Graph graph, FreshNames names, string name, Tensor value) => graph.Add(names.Of(name), value);

    /// <summary>Adds a constant under a name not taken yet and returns that name.</summary>
    public static string AddConstant(this Graph graph, string name, Tensor value)
    {
        string unique = name;
        for (int i = 2; graph.Initializers.ContainsKey(unique) || graph.Nodes.Exists(n => n.Outputs.Contains(unique)); i++) unique = $"{name}.{i}";
        graph.Initializers.Add(unique, value);
        return unique;
    }
}

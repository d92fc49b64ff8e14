using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>Takes nodes whose only output equals their first input out of a graph, in one walk.</summary>
internal static class Bypasses
{
    /// <summary>
    /// Readers of the output read the input. A node stays when its output is one of the network's and its input an input, a constant or an output
    /// too, which keep their names; else the producer takes over the output's name.
    /// </summary>
    /// <param name="graph">Changed in place.</param>
    /// <param name="passesThrough">Whether a node changes nothing.</param>
    /// <returns>Whether a node went.</returns>
    public static bool Run(Graph graph, Func<Node, bool> passesThrough)
    {
        var outputs = graph.OutputNames();
        var producers = new Dictionary<string, Node>(StringComparer.Ordinal);
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            Rename(node, renamed);
            if (passesThrough(node) && TryBypass(node, outputs, producers, renamed)) continue;
            kept.Add(node);
            foreach (string output in node.Outputs) producers[output] = node;
        }

        if (kept.Count == graph.Nodes.Count) return false;
        // A producer that took over an output's name may have had readers before the node that went.
        foreach (var node in kept) Rename(node, renamed);
        graph.Nodes.Clear();
        graph.Nodes.AddRange(kept);
        return true;
    }

    private static bool TryBypass(Node node, HashSet<string> outputs, Dictionary<string, Node> producers, Dictionary<string, string> renamed)
    {
        string from = node.Inputs[0], to = node.Output;
        if (!outputs.Contains(to))
        {
            renamed[to] = from;
            return true;
        }

        if (outputs.Contains(from) || !producers.Remove(from, out var producer)) return false;
        producer.Outputs[producer.Outputs.IndexOf(from)] = to;
        producers[to] = producer;
        renamed[from] = to;
        return true;
    }

    private static void Rename(Node node, Dictionary<string, string> renamed)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
            while (renamed.TryGetValue(node.Inputs[i], out string? name)) node.Inputs[i] = name;
    }
}

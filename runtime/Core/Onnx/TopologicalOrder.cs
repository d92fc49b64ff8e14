using ResNetEdge.Model;

namespace ResNetEdge.Onnx;

/// <summary>Puts nodes behind the producers of what they read; a file already in order keeps its order.</summary>
internal static class TopologicalOrder
{
    /// <summary>Sorts the nodes of one graph.</summary>
    /// <param name="nodes">In the file's order.</param>
    /// <param name="given">Names that need no producer here: inputs, constants, values of enclosing graphs.</param>
    /// <param name="source">For messages.</param>
    /// <exception cref="EdgeException">Exit 3: a value written twice, never written, or that depends on itself.</exception>
    /// <remarks>Kahn, Topological sorting of large networks, CACM 5(11), 1962; the ready node that stands first in the file is taken next.</remarks>
    public static List<Node> Sort(IReadOnlyList<Node> nodes, IReadOnlySet<string> given, OnnxSource source)
    {
        var producers = Producers(nodes, given, source);
        var reads = new List<int>[nodes.Count];
        var readers = new List<int>?[nodes.Count];
        var pending = new int[nodes.Count];
        var ready = new PriorityQueue<int, int>();
        for (int n = 0; n < nodes.Count; n++)
        {
            reads[n] = [];
            foreach (string value in ValuesRead(nodes[n]))
            {
                if (producers.TryGetValue(value, out int producer)) reads[n].Add(producer);
                else if (!given.Contains(value)) throw source.Fail($"{nodes[n]} reads '{value}', which nothing produces");
            }

            foreach (int producer in reads[n]) (readers[producer] ??= []).Add(n);
            pending[n] = reads[n].Count;
            if (pending[n] == 0) ready.Enqueue(n, n);
        }

        var sorted = new List<Node>(nodes.Count);
        while (ready.TryDequeue(out int n, out _))
        {
            sorted.Add(nodes[n]);
            foreach (int reader in readers[n] ?? [])
            {
                if (--pending[reader] == 0) ready.Enqueue(reader, reader);
            }
        }

        return sorted.Count == nodes.Count ? sorted : throw source.Fail($"the graph is not acyclic: {Cycle(nodes, reads, pending)}");
    }

    /// <summary>All values that a node reads, those of enclosing graphs that its subgraphs read among them.</summary>
    public static IEnumerable<string> ValuesRead(Node node)
    {
        foreach (string value in node.Inputs.Where(i => i.Length > 0)) yield return value;
        foreach (string name in node.Attributes.Names)
        {
            if (node.Attributes[name] is not Graph graph) continue;
            foreach (string value in FreeValues(graph)) yield return value;
        }
    }

    private static IEnumerable<string> FreeValues(Graph graph)
    {
        var own = new HashSet<string>(graph.Nodes.SelectMany(n => n.Outputs).Concat(graph.Inputs.Select(i => i.Name)), StringComparer.Ordinal);
        return graph.Nodes.SelectMany(ValuesRead).Concat(graph.Outputs.Select(o => o.Name))
            .Where(value => !own.Contains(value) && !graph.Initializers.ContainsKey(value));
    }

    private static Dictionary<string, int> Producers(IReadOnlyList<Node> nodes, IReadOnlySet<string> given, OnnxSource source)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int n = 0; n < nodes.Count; n++)
        {
            foreach (string value in nodes[n].Outputs.Where(o => o.Length > 0))
            {
                if (given.Contains(value)) throw source.Fail($"{nodes[n]} writes '{value}', which is already an input or a constant");
                if (!producers.TryAdd(value, n)) throw source.Fail($"'{value}' is written twice, by {nodes[producers[value]]} and by {nodes[n]}");
            }
        }

        return producers;
    }

    // A node still pending reads at least one pending node, so walking back must come round.
    private static string Cycle(IReadOnlyList<Node> nodes, List<int>[] reads, int[] pending)
    {
        int n = Array.FindIndex(pending, p => p > 0);
        var seen = new HashSet<int>();
        while (seen.Add(n)) n = reads[n].First(producer => pending[producer] > 0);
        int next = reads[n].First(producer => pending[producer] > 0);
        return next == n ? $"{nodes[n]} reads its own output" : $"{nodes[n]} and {nodes[next]} depend on each other";
    }
}

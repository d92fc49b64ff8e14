using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Exporter.HalfPrecision;

/// <summary>
/// A float network as its float16 form computes it: the same graph with <see cref="Graph.Halves"/>, and with constants rounded to float16. Its file,
/// which <see cref="NarrowFloats"/> makes, has float16 values and Casts.
/// </summary>
internal static class HalfNetwork
{
    /// <summary>The network with the chosen nodes in float16.</summary>
    /// <param name="graph">Float graph; not changed.</param>
    /// <param name="nodes">Of the graph: those that compute in float16.</param>
    public static Graph Of(Graph graph, IReadOnlySet<Node> nodes)
    {
        var result = graph.Clone();
        result.Halves.IntersectWith(graph.Inputs.Select(static i => i.Name)); // of a part of a network
        var infos = ShapeInference.Infer(graph);
        foreach (var node in nodes) result.Halves.UnionWith(node.Outputs.Where(o => o.Length > 0 && infos[o].Type == ElementType.Float32));

        // A constant that nodes of both kinds read is there twice.
        var uses = Uses(graph, nodes);
        var exact = uses.Where(static use => !use.IsHalf).Select(use => graph.Nodes[use.Node].Inputs[use.Input]).ToHashSet(StringComparer.Ordinal);
        var names = result.FreshNames();
        var rounded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, input, _) in uses.Where(static use => use.IsHalf))
        {
            string name = graph.Nodes[node].Inputs[input];
            if (!rounded.TryGetValue(name, out string? made))
            {
                rounded[name] = made = exact.Contains(name) ? names.Of(name + "_fp16") : name;
                result.Initializers[made] = Round(graph.Initializers[name]);
                result.Halves.Add(made);
            }

            result.Nodes[node].Inputs[input] = made;
        }

        return result;
    }

    /// <summary>
    /// A network in float16 that was changed since: nodes that are new compute in float16 where all that they read is, and constants that only nodes
    /// in float16 read become float16 again.
    /// </summary>
    /// <param name="graph">Changed; the graph itself where nothing is float16.</param>
    /// <param name="before">As it was: its nodes keep their precision.</param>
    public static Graph Again(Graph graph, Graph before)
    {
        if (graph.Halves.Count == 0) return graph;
        var known = before.Nodes.SelectMany(static n => n.Outputs).ToHashSet(StringComparer.Ordinal);
        var halves = graph.Halves.ToHashSet(StringComparer.Ordinal);
        var nodes = new HashSet<Node>();
        foreach (var node in graph.Nodes)
        {
            bool isNew = !node.Outputs.Exists(known.Contains);
            if (isNew && HalfOperators.Allow(node, graph) && node.Inputs.TrueForAll(i => graph.Constant(i) is not null || halves.Contains(i)))
                halves.UnionWith(node.Outputs);
            if (node.Outputs.Exists(halves.Contains)) nodes.Add(node);
        }

        return Of(graph, nodes);
    }

    private static List<(int Node, int Input, bool IsHalf)> Uses(Graph graph, IReadOnlySet<Node> nodes)
    {
        var uses = new List<(int, int, bool)>();
        for (int n = 0; n < graph.Nodes.Count; n++)
        {
            var node = graph.Nodes[n];
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (graph.Constant(node.Inputs[i]) is { Type: ElementType.Float32 } constant)
                    uses.Add((n, i, nodes.Contains(node) ? NarrowFloats.TakesHalf(node, i) : HalfOperators.Stores(node, i, constant)));
            }
        }

        return uses;
    }

    private static Tensor Round(Tensor constant)
    {
        float[] values = constant.ToFloats();
        HalfNumbers.Round(values);
        return Tensor.From<float>(constant.Shape, values);
    }
}

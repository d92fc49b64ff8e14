using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Operators;
using ResNetEdge.Passes.Conversions;

namespace ResNetEdge.Passes;

/// <summary>
/// Operators of opset 1 to 23, and those of ONNX Runtime that quantisers write, said in opset 17, so that every other part of the project knows
/// one form and every
/// package is one that other runtimes load (docs/decisions/0034-one-opset.md). Each node is first held to what its operator is known to be in the
/// file's own opset.
/// One walk: constants that are computed by nodes, shapes among them, are known where a conversion wants them.
/// </summary>
internal sealed class ConvertToOpset17 : Pass
{
    public override bool Run(Graph graph)
    {
        ModelBounds.CheckNodes(graph.Nodes.Count);
        CheckAll(graph);
        var values = new KnownValues(graph);
        var read = new HashSet<string>(graph.Nodes.SelectMany(TopologicalOrder.ValuesRead), StringComparer.Ordinal);
        read.UnionWith(graph.Outputs.Select(o => o.Name));
        bool changed = graph.Opset != Graph.WrittenOpset;
        foreach (var node in graph.Nodes)
        {
            changed |= NodeReading.Trim(node, graph.Opset, read.Contains, graph.IsConverted);
            changed |= NodeReading.Run(node, graph.Opset, values, graph.IsConverted);
        }

        graph.Nodes.Clear();
        graph.Nodes.AddRange(values.Kept);
        graph.Opset = Graph.WrittenOpset;
        graph.IsConverted = true;
        return changed | values.HasFolded | CorrectOutputs(graph, values);
    }

    // Whoever has to do something about it wants to know of all at once.
    private static void CheckAll(Graph graph)
    {
        var missing = AllNodes(graph).Where(static node => ConversionTable.Of(node) is null && OperatorTable.Find(node) is null).ToList();
        if (missing.Count == 0) return;
        string[] names = [.. missing.Select(UnsupportedOperators.NameOf).Distinct(StringComparer.Ordinal)];
        throw EdgeException.BadInput(UnsupportedOperators.Sentence(names, missing[0].Name));
    }

    private static IEnumerable<Node> AllNodes(Graph graph) => graph.Nodes.SelectMany(static node =>
        node.Attributes.Names.Select(name => node.Attributes[name]).OfType<Graph>().SelectMany(AllNodes).Prepend(node));

    // Models that were cut, or given another head, keep the shape that their output had before; what the network makes is what counts.
    private static bool CorrectOutputs(Graph graph, KnownValues values)
    {
        bool changed = false;
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            var declared = graph.Outputs[i];
            if (declared.Type == ElementType.Undefined || values.Find(declared.Name) is not { } made) continue;
            if ((made.Type, made.Shape) == (declared.Type, declared.Shape)) continue;
            graph.Notes.Add(
                $"output '{declared.Name}' is declared as {declared.Type}[{declared.Shape}], but the network produces {made.Type}[{made.Shape}]; "
                    + "the declaration was corrected");
            graph.Outputs[i] = new(declared.Name, made.Type, made.Shape);
            changed = true;
        }

        return changed;
    }
}

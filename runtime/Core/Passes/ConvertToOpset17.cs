using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes.Conversions;

namespace ResNetEdge.Passes;

/// <summary>
/// Operators of opset 7 to 23, and those of ONNX Runtime that quantisers write, said in opset 17, so that every other part of the project knows
/// one form and every
/// package is one that other runtimes load (docs/decisions/0034-one-opset.md). Each node is first held to what its operator is known to be in the
/// file's own opset.
/// One walk: constants that are computed by nodes, shapes among them, are known where a conversion wants them.
/// </summary>
internal sealed class ConvertToOpset17 : Pass
{
    private const int ForeignOpset = 1; // of ONNX Runtime's own domain, since the beginning

    public override bool Run(Graph graph)
    {
        ModelBounds.CheckNodes(graph.Nodes.Count);
        var values = new KnownValues(graph);
        var read = new HashSet<string>([.. graph.Nodes.SelectMany(n => n.Inputs), .. graph.Outputs.Select(o => o.Name)], StringComparer.Ordinal);
        bool changed = graph.Opset != Graph.WrittenOpset;
        foreach (var node in graph.Nodes)
        {
            var conversion = ConversionTable.Of(node);
            int opset = node.Domain.Length == 0 ? graph.Opset : ForeignOpset, outputs = node.Outputs.Count;
            var signatures = conversion?.Signatures ?? OperatorTable.Of(node).Signatures;
            var signature = graph.IsConverted && node.Domain.Length == 0
                ? Signature.Converted(signatures, node)
                : OperatorTable.SignatureOf(node, signatures, opset);
            signature.Trim(node, read.Contains);
            signature.Check(node, opset);
            changed |= outputs != node.Outputs.Count;
            if (conversion is null) values.Add(node);
            else changed |= conversion.Convert(node, opset, values);
        }

        graph.Nodes.Clear();
        graph.Nodes.AddRange(values.Kept);
        graph.Opset = Graph.WrittenOpset;
        graph.IsConverted = true;
        return changed | values.HasFolded | CorrectOutputs(graph, values);
    }

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

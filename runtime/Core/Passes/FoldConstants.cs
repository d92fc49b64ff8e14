using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: a node whose inputs are all constants. After: its outputs are constants, computed by the reference operators.
/// DequantizeLinear stays: folded, quantised weights would become floats and the network lose its int8 form.
/// </summary>
internal sealed class FoldConstants : Pass
{
    public override bool Run(Graph graph)
    {
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.OpType == "DequantizeLinear" || !node.Inputs.TrueForAll(v => v.Length == 0 || graph.Initializers.ContainsKey(v))) continue;
            if (node.Outputs.Exists(graph.IsOutput)) continue;
            foreach (var (name, value) in Evaluate(graph, node)) graph.Initializers[name] = value;
            graph.Nodes.RemoveAt(i--);
            changed = true;
        }

        return changed;
    }

    /// <summary>The outputs of a node whose inputs are constants of the graph.</summary>
    internal static List<(string Name, Tensor Value)> Evaluate(Graph graph, Node node)
    {
        var single = new Graph();
        foreach (string input in node.Inputs)
            if (input.Length > 0) single.Initializers[input] = graph.Initializers[input];
        single.Nodes.Add(node);
        using var engine = new ReferenceEngine(single);
        engine.Run();
        var results = new List<(string, Tensor)>();
        foreach (string output in node.Outputs)
        {
            if (output.Length == 0) continue;
            var view = engine.Value(output);
            results.Add((output, new Tensor(view.Type, view.Shape, view.Bytes.ToArray())));
        }

        return results;
    }
}

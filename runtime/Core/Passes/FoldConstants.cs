using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: a node whose inputs are all constants. After: its outputs are constants, computed by the reference operators.
/// DequantizeLinear stays: folded, quantised weights would become floats and the network lose its int8 form.
/// </summary>
internal sealed class FoldConstants : Pass
{
    public override bool Run(Graph graph)
    {
        var outputs = graph.OutputNames();
        long bytes = 0;
        return graph.Nodes.RemoveAll(node =>
        {
            if (node.OpType == OpTypes.DequantizeLinear || !node.Inputs.TrueForAll(v => v.Length == 0 || graph.Initializers.ContainsKey(v)))
                return false;
            if (node.Outputs.Exists(outputs.Contains)) return false;
            foreach (var (name, value) in Evaluate(graph, node, ref bytes)) graph.Initializers[name] = value;
            return true;
        }) > 0;
    }

    /// <summary>The outputs of a node whose inputs are constants of the graph.</summary>
    /// <param name="graph">Holds the constants.</param>
    /// <param name="node">The node.</param>
    /// <param name="bytes">What has been folded so far.</param>
    /// <exception cref="EdgeException">Exit 3: all that is folded would be more than a model may ask for.</exception>
    internal static List<(string Name, Tensor Value)> Evaluate(Graph graph, Node node, ref long bytes)
    {
        var single = new Graph();
        foreach (string input in node.Inputs)
            if (input.Length > 0) single.Initializers[input] = graph.Initializers[input];
        single.Nodes.Add(node);
        using var run = new ReferenceRun(single);
        run.Evaluate();
        var results = new List<(string, Tensor)>();
        foreach (string output in node.Outputs)
        {
            if (output.Length == 0) continue;
            var view = run[output];
            ModelBounds.CheckBytes("what nodes of the model compute from constants alone", bytes += view.Bytes.Length);
            results.Add((output, new Tensor(view.Type, view.Shape, view.Bytes.ToArray())));
        }

        return results;
    }
}

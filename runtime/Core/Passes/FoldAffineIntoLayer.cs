using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: Conv, Gemm or MatMul with constant weights, then Mul or Div by and Add or Sub of constants with one value for all or one per channel, in
/// any order: biases of linear layers, LayerScale (Touvron et al., arXiv:2103.17239), ReZero (Bachlechner et al., arXiv:2003.04887).
/// After: the layer alone, W' = k·W, b' = k·b + c, rounded once for each node that went; a MatMul that gets a bias is a Gemm over its rows.
/// Condition: what lies between goes nowhere else; weights and bias are float constants, and stay finite.
/// </summary>
internal sealed class FoldAffineIntoLayer : Pass
{
    public override double Bound => 1e-5;

    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => LinearLayer.IsLayer(n))) return false;
        var consumers = graph.Consumers();
        var outputs = graph.OutputNames();
        var names = graph.FreshNames();
        Dictionary<string, TensorInfo>? values = null;
        var gone = new HashSet<Node>();
        var layers = new List<LinearLayer>();
        foreach (var node in graph.Nodes)
        {
            if (!LinearLayer.IsLayer(node) || !HasArithmetic(node.Output)) continue;
            values ??= ShapeInference.Infer(graph);
            var x = values[node.Inputs[0]].Shape;
            if (x.ElementCount == 0 || LinearLayer.Of(graph, node, x.Rank) is not { } layer) continue;
            while (Next(layer.Output) is { } next && layer.TryTake(graph, next)) gone.Add(next);
            if (layer.HasChanged) layers.Add(layer);
        }

        foreach (var layer in layers) layer.Store(graph, names, values!);
        graph.Nodes.RemoveAll(gone.Contains);
        return gone.Count > 0;

        Node? Next(string value) =>
            !outputs.Contains(value) && consumers.TryGetValue(value, out var readers) && readers is [var reader] ? reader : null;

        bool HasArithmetic(string value) => Next(value) is { OpType: OpTypes.Add or OpTypes.Sub or OpTypes.Mul or OpTypes.Div };
    }
}

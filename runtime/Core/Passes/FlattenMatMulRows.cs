using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: MatMul(x [..][M][K], W [K][N]) with more than one leading axis, as in networks that keep their channels last. After: Reshape to
/// [rows][K] → MatMul → Reshape, a layer whose rows are pixels; a Reshape needs no step. Condition: W is a constant, quantised or not.
/// </summary>
internal sealed class FlattenMatMulRows : Pass
{
    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static node => node.OpType == OpTypes.MatMul)) return false;
        var values = ShapeInference.Infer(graph);
        var names = graph.FreshNames();
        var quantized = graph.Nodes.Where(n => n.OpType == OpTypes.DequantizeLinear && graph.Constant(n.Inputs[0]) is not null)
            .Select(static n => n.Output).ToHashSet(StringComparer.Ordinal);
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var product = graph.Nodes[i];
            if (product.OpType != OpTypes.MatMul) continue;
            var (x, w) = (values[product.Inputs[0]], values[product.Inputs[1]].Shape);
            bool isLayer = graph.Constant(product.Inputs[1]) is not null || quantized.Contains(product.Inputs[1]);
            if (!isLayer || w.Rank != 2 || x.Shape.Rank < 4 || x.Shape.ElementCount == 0) continue;
            RowReshapes.Around(graph, names, i, product, x.Shape, values[product.Output].Shape);
            i += 2;
            changed = true;
        }

        return changed;
    }
}

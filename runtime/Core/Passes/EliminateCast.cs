using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: x → Cast → y to the type that x already has; exporters leave it between QuantizeLinear and DequantizeLinear.
/// After: readers of y read x, and the planner sees the quantised pair. Needs folded constants, since it infers types.
/// </summary>
internal sealed class EliminateCast : Pass
{
    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(n => n.OpType == OpTypes.Cast)) return false;
        var values = ShapeInference.Infer(graph);
        return Bypasses.Run(graph, cast => cast.OpType == OpTypes.Cast && values[cast.Inputs[0]].Type == values[cast.Output].Type);
    }
}

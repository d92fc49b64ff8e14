using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Reductions;

namespace ResNetEdge.Passes;

/// <summary>
/// Before: ReduceMean of a picture over height and width, as <c>x.mean([2, 3])</c> is exported. After: GlobalAveragePool, and a Reshape where the
/// axes go, which engines fuse and the quantiser knows.
/// </summary>
internal sealed class ConvertReduceMeanToPool : Pass
{
    public override double Bound => 1e-6;

    public override bool Run(Graph graph)
    {
        if (!graph.Nodes.Exists(static n => n.OpType == OpTypes.ReduceMean)) return false;
        var values = ShapeInference.Infer(graph);
        var names = graph.FreshNames();
        bool changed = false;
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.OpType != OpTypes.ReduceMean) continue;
            if (values[node.Inputs[0]] is not { Type: ElementType.Float32, Shape: { Rank: 4, ElementCount: > 0 } }) continue;
            if (Reduction.Reduced(node, 4, graph.Constant(node.Input(1))?.ToInt64s()) is not [false, false, true, true]) continue;
            bool keeps = node.Attributes.Int("keepdims", 1) != 0;
            string pooled = keeps ? node.Output : names.Of($"{node.Output}_pooled");
            graph.MarkLike(node.Output, pooled);
            graph.Nodes[i] = new Node(OpTypes.GlobalAveragePool, node.Name, [node.Inputs[0]], [pooled]);
            changed = true;
            if (keeps) continue;
            var shape = values[node.Output].Shape;
            string target = graph.AddConstant(names, $"{node.Name}.shape", Tensor.Vector<long>(shape[0], shape[1]));
            graph.Nodes.Insert(++i, new Node(OpTypes.Reshape, names.Of($"{node.Name}_flat"), [pooled, target], [node.Output]));
        }

        return changed;
    }
}

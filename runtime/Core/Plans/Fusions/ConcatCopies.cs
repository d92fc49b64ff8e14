using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Concat of row-major values: each is copied, from where its elements lie, to its part of the whole.</summary>
internal sealed class ConcatCopies : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (node.OpType != OpTypes.Concat) return false;
        var info = plan.Info(node.Output);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), info.Shape.Rank), start = 0;
        var whole = plan.Steps.NewBuffer(info, info.Type);
        var strides = ElementStrides.RowMajor(info.Shape);
        foreach (string input in node.Inputs)
        {
            var shape = plan.Info(input).Shape;
            if (shape.ElementCount == 0) continue;
            var from = plan.Forms.DemandStrided(input, info.Type, static _ => true);
            var part = strides.Sliced(axis, start, 1, shape[axis]);
            var to = whole with { Shape = PlanBuffer.ShapeOf(shape), Inside = whole.Inside.Moved(part.First * info.Type.Size()) };
            plan.Append(FormSteps.Move(OpTypes.Concat, node.Name, from, to, part));
            start += shape[axis];
        }

        plan.Forms.Produced(node.Output, whole, Layout.Plain);
        return true;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Slice, Split and Gather of indices that are constants and equally far apart: some of the elements where they lie, so no step before a reader that
/// can read them there. Subsampled pictures are left to <see cref="SliceShortcut"/>.
/// </summary>
internal sealed class SliceView : Fusion
{
    public override bool TryPlan(PlanBuilder plan, Node node) => node.OpType switch
    {
        OpTypes.Slice => TrySlice(plan, node),
        OpTypes.Split => TrySplit(plan, node),
        OpTypes.Gather => TryGather(plan, node),
        _ => false,
    };

    private static bool TrySlice(PlanBuilder plan, Node node)
    {
        if (SliceRanges.Of(plan, node) is not { } ranges || Array.Exists(ranges, static r => r.Step < 1)) return false;
        if (Array.Exists(ranges, static r => r.Step > 1) && IsPicture(plan, node.Inputs[0])) return false;
        plan.Forms.DeclareMoved(node.Output, node.Inputs[0], strides =>
        {
            for (int axis = 0; axis < ranges.Length; axis++)
                strides = strides.Sliced(axis, ranges[axis].Start, ranges[axis].Step, ranges[axis].Count);
            return strides;
        });
        return true;
    }

    private static bool TrySplit(PlanBuilder plan, Node node)
    {
        if (node.Input(1).Length > 0 && plan.Graph.Constant(node.Input(1)) is null) return false;
        var shape = plan.Info(node.Inputs[0]).Shape;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), shape.Rank), start = 0;
        if (node.Outputs.Exists(output => output.Length == 0 || plan.Info(output).Shape.ElementCount == 0)) return false;
        if (node.Outputs.Sum(output => plan.Info(output).Shape[axis]) != shape[axis]) return false;
        foreach (string output in node.Outputs)
        {
            int first = start, count = plan.Info(output).Shape[axis];
            plan.Forms.DeclareMoved(output, node.Inputs[0], strides => strides.Sliced(axis, first, 1, count));
            start += count;
        }

        return true;
    }

    private static bool TryGather(PlanBuilder plan, Node node)
    {
        if (plan.Graph.Constant(node.Inputs[1]) is not { Shape: { Rank: <= 1, ElementCount: > 0 } } constant) return false;
        var shape = plan.Info(node.Inputs[0]).Shape;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), shape.Rank);
        long[] indices = [.. constant.ToInt64s().Select(i => i < 0 ? i + shape[axis] : i)];
        long step = indices.Length > 1 ? indices[1] - indices[0] : 1;
        for (int i = 0; i < indices.Length; i++)
            if (step < 1 || indices[i] != indices[0] + i * step) return false;
        if (step > 1 && IsPicture(plan, node.Inputs[0])) return false;
        bool isOne = constant.Shape.Rank == 0;
        plan.Forms.DeclareMoved(node.Output, node.Inputs[0], strides =>
        {
            var some = strides.Sliced(axis, (int)indices[0], (int)step, indices.Length);
            return isOne ? some.Without(axis) : some;
        });
        return true;
    }

    private static bool IsPicture(PlanBuilder plan, string value)
    {
        if (PlanBuffer.IsLayoutFree(plan.Info(value).Shape)) return false;
        var (stored, type) = plan.View(value) is { } view ? (view.Name, ElementType.UInt8) : (value, plan.Info(value).Type);
        return plan.Forms.Natural(stored, type) == Layout.Nhwc;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Plans.Fusions;

/// <summary>What a Slice takes, where that is known while a plan is made.</summary>
internal static class SliceRanges
{
    /// <summary>First index, step and count of every dimension; null where starts, ends, axes or steps are computed.</summary>
    public static (int Start, int Step, int Count)[]? Of(PlanBuilder plan, Node slice)
    {
        if (slice.Inputs.Skip(1).Any(input => input.Length > 0 && plan.Graph.Constant(input) is null)) return null;
        long[]? Ints(int i) => plan.Graph.Constant(slice.Input(i))?.ToInt64s();
        return Slice.Ranges(slice, plan.Info(slice.Inputs[0]).Shape, Ints(1)!, Ints(2)!, Ints(3), Ints(4));
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Plans.Fusions;

/// <summary>Rows that a matrix product makes, seen by an Add behind Reshapes and Transposes that move no element.</summary>
internal static class ProductRows
{
    /// <summary>The Gemm or MatMul whose output, maybe under another shape or with its axes in another order, is this value alone.</summary>
    public static Node? Before(PlanBuilder plan, string value)
    {
        while (plan.Index.Producer(value) is { } node && plan.Index.OnlyConsumer(value) is not null)
        {
            if (node.OpType is OpTypes.Gemm or OpTypes.MatMul) return node;
            if (!IsView(plan, node)) return null;
            value = node.Inputs[0];
        }

        return null;
    }

    /// <summary>The first node behind a product that is no such view; null where there are several.</summary>
    public static Node? After(PlanBuilder plan, Node product)
    {
        var next = plan.Index.OnlyConsumer(product.Output);
        while (next is not null && IsView(plan, next)) next = plan.Index.OnlyConsumer(next.Output);
        return next;
    }

    /// <summary>The layout of a value whose elements lie as a product before it writes its rows; null where it is neither of the two.</summary>
    public static Layout? LayoutOf(PlanBuilder plan, string value)
    {
        var views = new Stack<Node>();
        while (plan.Index.Producer(value) is { } node && node.OpType is not (OpTypes.Gemm or OpTypes.MatMul))
        {
            views.Push(node);
            value = node.Inputs[0];
        }

        var strides = ElementStrides.RowMajor(plan.Info(value).Shape);
        foreach (var view in views)
        {
            var moved = view.OpType == OpTypes.Transpose ? strides.Transposed(Transpose.Permutation(view, strides.Sizes.Length))
                : strides.Reshaped(plan.Info(view.Output).Shape);
            if (moved is null) return null;
            strides = moved;
        }

        return strides.IsRowMajor ? Layout.Plain
            : strides.AsNhwc(0, 1) is { } place && place.IsDense(strides.Sizes[2], strides.Sizes[3]) ? Layout.Nhwc : null;
    }

    private static bool IsView(PlanBuilder plan, Node node) => node.OpType == OpTypes.Transpose || ReshapeView.IsView(plan, node);
}

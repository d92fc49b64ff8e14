using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Attention as ONNX writes it: MatMul(Q, Kᵀ) [→ Mul or Div by one number] [→ Add of a mask] → Softmax along the last axis → MatMul(·, V). Nothing of
/// it has another reader. Q and Kᵀ may be what is multiplied by a number, too.
/// </summary>
/// <param name="Scores">The first product.</param>
/// <param name="Query">Value name of Q.</param>
/// <param name="Key">Value name of Kᵀ.</param>
/// <param name="Between">What stands between the products.</param>
/// <param name="Result">The second product.</param>
/// <param name="Scale">What the scores are multiplied by.</param>
/// <param name="Mask">Value name of the mask; null when there is none.</param>
internal sealed record AttentionParts(
    Node Scores, string Query, string Key, IReadOnlyList<Node> Between, Node Result, float Scale, string? Mask)
{
    /// <summary>What ends in this product, or null.</summary>
    public static AttentionParts? EndingIn(PlanBuilder plan, Node result)
    {
        if (result.OpType != OpTypes.MatMul) return null;
        if (plan.Info(result.Output) is not { Type: ElementType.Float32, Shape: { Rank: >= 2, ElementCount: > 0 } }) return null;
        var shape = plan.Info(result.Inputs[0]).Shape;
        if (shape.Rank != plan.Info(result.Output).Shape.Rank || plan.Info(result.Inputs[1]).Shape.Rank < 2) return null;
        if (!shape.Dimensions[..^2].SequenceEqual(plan.Info(result.Output).Shape.Dimensions[..^2])) return null;
        if (Only(plan, result.Inputs[0]) is not { OpType: OpTypes.Softmax } softmax
            || OperatorRules.Axis(softmax, softmax.Attributes.Int("axis", -1), shape.Rank) != shape.Rank - 1)
            return null;
        List<Node> between = [softmax];
        string value = softmax.Inputs[0];
        string? mask = null;
        if (Only(plan, value) is { OpType: OpTypes.Add } add && add.Inputs[0] != add.Inputs[1])
        {
            // The mask is the side that no product makes.
            int side = LeadsToScores(plan, add.Inputs[0], shape) ? 0 : 1;
            (value, mask) = (add.Inputs[side], add.Inputs[1 - side]);
            between.Add(add);
        }

        double scale = 1;
        while (Only(plan, value) is { } node && ScaleOf(plan, node) is var (scaled, by))
        {
            (value, scale) = (scaled, scale * by);
            between.Add(node);
        }

        if (plan.Info(value).Shape != shape || Only(plan, value) is not { OpType: OpTypes.MatMul } scores || !IsStack(plan, scores)) return null;
        var (query, queryScale) = Unscaled(plan, scores, 0);
        var (key, keyScale) = Unscaled(plan, scores, 1);
        return new(scores, query, key, between, result, (float)(scale * queryScale * keyScale), mask);
    }

    /// <summary>What begins with a node that multiplies Q or Kᵀ by a number, or null.</summary>
    public static AttentionParts? ScaledBy(PlanBuilder plan, Node node) =>
        ScaleOf(plan, node) is var (value, _) && plan.Index.OnlyConsumer(node.Output) is { } scores && BeginningWith(plan, scores) is { } found
            && (found.Query == value || found.Key == value) ? found : null;

    /// <summary>What begins with this product, or null.</summary>
    public static AttentionParts? BeginningWith(PlanBuilder plan, Node scores)
    {
        if (scores.OpType != OpTypes.MatMul || !IsStack(plan, scores)) return null;
        // A scale, a mask and the softmax stand before the second product at the most, with some more scales.
        var next = plan.Index.OnlyConsumer(scores.Output);
        for (int i = 0; i < 6 && next is { OpType: OpTypes.Mul or OpTypes.Div or OpTypes.Add or OpTypes.Softmax }; i++)
            next = plan.Index.OnlyConsumer(next.Output);
        return next is not null && EndingIn(plan, next) is { } found && found.Scores == scores ? found : null;
    }

    private static bool IsStack(PlanBuilder plan, Node product) =>
        !plan.Views.IsConstant(product.Inputs[1]) && plan.Info(product.Inputs[0]).Shape.Rank >= 2 && plan.Info(product.Inputs[1]).Shape.Rank >= 2
            && plan.Info(product.Inputs[0]).Shape[^1] > 0;

    private static bool LeadsToScores(PlanBuilder plan, string value, Shape shape)
    {
        while (Only(plan, value) is { } node)
        {
            if (node.OpType == OpTypes.MatMul) return plan.Info(value).Shape == shape && IsStack(plan, node);
            if (ScaleOf(plan, node) is not var (scaled, _)) return false;
            value = scaled;
        }

        return false;
    }

    // An operand of the first product and the number by which it is multiplied.
    private static (string Value, double Scale) Unscaled(PlanBuilder plan, Node scores, int side) =>
        scores.Inputs[0] != scores.Inputs[1] && Only(plan, scores.Inputs[side]) is { } node && ScaleOf(plan, node) is var (value, by)
            ? (value, by) : (scores.Inputs[side], 1);

    // What makes a value that one node reads.
    private static Node? Only(PlanBuilder plan, string value) => plan.Index.OnlyConsumer(value) is null ? null : plan.Index.Producer(value);

    private static (string Value, double By)? ScaleOf(PlanBuilder plan, Node node)
    {
        if (node.OpType is not (OpTypes.Mul or OpTypes.Div)) return null;
        for (int side = 0; side < (node.OpType == OpTypes.Mul ? 2 : 1); side++)
        {
            if (plan.Graph.Constant(node.Inputs[1 - side]) is not { Type: ElementType.Float32, Shape.ElementCount: 1 } number) continue;
            if (plan.Info(node.Inputs[side]).Shape != plan.Info(node.Output).Shape) continue;
            double by = number.ToFloats()[0];
            return (node.Inputs[side], node.OpType == OpTypes.Mul ? by : 1 / by);
        }

        return null;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Attention in one step that stands where its second product stood. Heads are read and written where they lie, so that the Reshape and Transpose
/// that split and join them cost nothing.
/// </summary>
internal sealed class AttentionStep : Fusion
{
    // More heads than this are a table too large to keep.
    private const int MostHeads = 1 << 16;

    public override bool TryPlan(PlanBuilder plan, Node node)
    {
        if (AttentionParts.EndingIn(plan, node) is { } whole && IsTaken(plan, whole))
        {
            Append(plan, whole);
            return true;
        }

        // The step reads what the node would multiply.
        if (AttentionParts.ScaledBy(plan, node) is { } scaled && IsTaken(plan, scaled)) return true;
        if (AttentionParts.BeginningWith(plan, node) is not { } begun || !IsTaken(plan, begun)) return false;
        foreach (var between in begun.Between) plan.Done(between);
        return true;
    }

    private static bool IsTaken(PlanBuilder plan, AttentionParts parts)
    {
        var scores = plan.Info(parts.Scores.Output).Shape;
        return scores.ElementCount / scores[^1] / scores[^2] <= MostHeads && (parts.Mask is null || IsMask(plan.Info(parts.Mask), scores));
    }

    // A number for each key, or it would change nothing; spread along other axes or not.
    private static bool IsMask(TensorInfo mask, Shape scores)
    {
        if (mask.Type != ElementType.Float32 || mask.Shape.Rank is 0 || mask.Shape.Rank > scores.Rank || mask.Shape[^1] != scores[^1]) return false;
        for (int d = 2; d <= mask.Shape.Rank; d++)
            if (mask.Shape[^d] != 1 && mask.Shape[^d] != scores[^d]) return false;
        return true;
    }

    private static void Append(PlanBuilder plan, AttentionParts parts)
    {
        var shape = plan.Info(parts.Scores.Output).Shape;
        var stack = shape.Dimensions[..^2];
        var q = plan.Forms.DemandStrided(parts.Query, ElementType.Float32, static s => s.IsDense(1));
        var k = plan.Forms.DemandStrided(parts.Key, ElementType.Float32, static s => s.IsDense(1) || s.IsDense(2));
        var v = plan.Forms.DemandStrided(parts.Result.Inputs[1], ElementType.Float32, static s => s.IsDense(1));
        var mask = parts.Mask is null ? null : MaskOf(plan, parts.Mask);
        var output = StackOutput.New(plan, parts.Result.Output);
        long[] queries = q.Strides.Matrices(stack), keys = k.Strides.Matrices(stack), values = v.Strides.Matrices(stack),
            masks = mask?.Strides.Matrices(stack) ?? [], outputs = output.Strides.Matrices(stack);
        const int Size = sizeof(float);
        var heads = queries.Select((place, i) =>
            new AttentionHead(place * Size, keys[i] * Size, values[i] * Size, mask is null ? 0 : masks[i] * Size, outputs[i] * Size));
        int depth = plan.Info(parts.Query).Shape[^1], width = plan.Info(parts.Result.Output).Shape[^1];
        plan.Append(new PlanStep("Attention", parts.Result.Name, new AttentionFp32Problem
        {
            Queries = shape[^2],
            Keys = shape[^1],
            Depth = depth,
            ValueDepth = width,
            Scale = parts.Scale,
            Heads = [.. heads],
            Query = q.Buffer.Inside.Offset,
            Key = k.Buffer.Inside.Offset,
            Value = v.Buffer.Inside.Offset,
            Mask = mask?.Buffer.Inside.Offset,
            Output = output.Buffer.Inside.Offset,
            QueryRow = q.Strides.Bytes(2, Size),
            KeyRow = k.Strides.Bytes(1, Size),
            KeyElement = k.Strides.Bytes(2, Size),
            ValueRow = v.Strides.Bytes(2, Size),
            MaskRow = mask is null || mask.Strides.Sizes[^2] == 1 ? 0 : mask.Strides.Bytes(2, Size),
            OutputRow = output.Strides.Bytes(2, Size),
        }, mask is null ? [q.Buffer, k.Buffer, v.Buffer] : [q.Buffer, k.Buffer, v.Buffer, mask.Buffer], [output.Buffer])
        { Macs = shape.ElementCount * (long)(depth + width) });
        output.Produced(plan);
    }

    // With an axis for the queries, if need be of one.
    private static StridedBuffer MaskOf(PlanBuilder plan, string value)
    {
        var mask = plan.Forms.DemandStrided(value, ElementType.Float32, static s => s.IsDense(1));
        return mask.Strides.Sizes.Length > 1 ? mask : mask with { Strides = new([1, .. mask.Strides.Sizes], [0, .. mask.Strides.Steps]) };
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Axes that are an input (since 18): in opset 17 they are an attribute. With <c>noop_with_empty_axes</c> and no axes each element is a group of
/// its own, which opset 17 says by one more axis of length 1 that is reduced.
/// </summary>
internal sealed class ConvertReduction(string opType) : Conversion
{
    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        long[]? axes = node.Input(1).Length > 0 ? Integers(node, 1, values) : node.Attributes.Ints("axes");
        bool changed = node.Inputs.Count > 1, keepsAll = node.Attributes.Int("noop_with_empty_axes", 0) != 0;
        node.Inputs.RemoveRange(1, node.Inputs.Count - 1);
        changed |= Remove(node, "noop_with_empty_axes");
        if (axes is not { Length: > 0 } && keepsAll)
        {
            ReduceEach(node, values);
            return true;
        }

        // An empty list means all axes, which opset 17 says by leaving the list out.
        if (axes is { Length: > 0 }) node.Attributes["axes"] = axes;
        else changed |= Remove(node, "axes");
        values.Add(node);
        return changed;
    }

    private static void ReduceEach(Node node, KnownValues values)
    {
        if (node.OpType == OpTypes.ReduceMean)
        {
            values.Add(new Node(OpTypes.Identity, node.Name, node.Inputs, node.Outputs));
            return;
        }

        string each = values.Fresh($"{node.Name}.each"), last = values.AddConstant($"{node.Name}.axis", Tensor.Vector(-1L));
        values.Add(new Node(OpTypes.Unsqueeze, each, [node.Inputs[0], last], [each]));
        node.Inputs[0] = each;
        (node.Attributes["axes"], node.Attributes["keepdims"]) = (new long[] { -1 }, 0L);
        values.Add(node);
    }
}

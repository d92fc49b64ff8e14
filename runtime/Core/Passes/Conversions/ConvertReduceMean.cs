using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Axes that are an input (since 18): in opset 17 they are an attribute. No axes and <c>noop_with_empty_axes</c> is no mean at all.
/// </summary>
internal sealed class ConvertReduceMean : Conversion
{
    public override string OpType => OpTypes.ReduceMean;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        long[]? axes = node.Input(1).Length > 0 ? Integers(node, 1, values) : node.Attributes.Ints("axes");
        bool changed = node.Inputs.Count > 1;
        if (axes is not { Length: > 0 } && node.Attributes.Int("noop_with_empty_axes", 0) != 0)
        {
            values.Add(new Node(OpTypes.Identity, node.Name, [node.Inputs[0]], node.Outputs));
            return true;
        }

        node.Inputs.RemoveRange(1, node.Inputs.Count - 1);
        // An empty list means all axes, which opset 17 says by leaving the list out.
        if (axes is { Length: > 0 }) node.Attributes["axes"] = axes;
        else changed |= Remove(node, "axes");
        changed |= Remove(node, "noop_with_empty_axes");
        values.Add(node);
        return changed;
    }
}

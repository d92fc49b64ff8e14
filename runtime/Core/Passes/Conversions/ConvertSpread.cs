using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Broadcasting as operator sets 1 to 6 had it: with <c>broadcast</c> the second value is aligned at the axis that <c>axis</c> names, or at the last.
/// Since 7 values are always aligned at their last axes: a Reshape adds the missing axes of size 1 behind the second value's own.
/// </summary>
/// <param name="opType">The operator.</param>
internal sealed class ConvertSpread(string opType) : Conversion
{
    public override string OpType => opType;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool isAligned = node.Attributes.Int("broadcast", 0) != 0 && node.Attributes.Has("axis");
        if (isAligned)
        {
            Shape a = values.Of(node, node.Inputs[0]).Shape, b = values.Of(node, node.Inputs[1]).Shape;
            int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), Math.Max(1, a.Rank)), behind = a.Rank - axis - b.Rank;
            if (behind < 0) throw OperatorRules.Bad(node, $"a value of shape {b} at axis {axis} of one of shape {a}");
            if (behind > 0) node.Inputs[1] = Widened(node, b, behind, values);
        }

        bool changed = Remove(node, "axis", "broadcast");
        values.Add(node);
        return changed;
    }

    private static string Widened(Node node, Shape shape, int axes, KnownValues values)
    {
        long[] to = [.. shape.Dimensions.ToArray().Select(static d => (long)d), .. Enumerable.Repeat(1L, axes)];
        string name = values.Fresh($"{node.Name}.spread");
        values.Add(new Node(OpTypes.Reshape, name, [node.Inputs[1], values.AddConstant($"{name}.shape", Tensor.Vector<long>(to))], [name]));
        return name;
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>The slices along an axis, or without one the elements, for which the condition is true; it may be shorter than the axis.</summary>
internal sealed class Compress : ShapedByValues
{
    public override string OpType => "Compress";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 2, 2, Int("axis"))];

    protected override bool MayGiveShape(int input, ElementType type) => type == ElementType.Bool;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (node.Attributes.Has("axis")) OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
        return x.Type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var (x, condition) = (inputs[0].Shape, inputs[1]);
        int axis = node.Attributes.Has("axis") ? OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Rank) : -1;
        int size = axis < 0 ? x.ElementCount : x[axis], count = 0;
        for (int i = 0; i < condition.Shape.ElementCount; i++)
        {
            if (condition.Integer(i) == 0) continue;
            if (i >= size) throw OperatorRules.Bad(node, $"condition {i} is true, but there are only {size} to choose from");
            count++;
        }

        for (int d = 0; axis >= 0 && d < x.Rank; d++) shape[d] = x[d];
        shape[Math.Max(axis, 0)] = count;
        return axis < 0 ? 1 : x.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, condition) = (inputs[0], inputs[1]);
        int outer = 1, inner = 1, size = x.Shape.ElementCount;
        if (node.Attributes.Has("axis"))
        {
            int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
            (outer, inner) = RowMajor.Around(x.Shape, axis);
            size = x.Shape[axis];
        }

        inner *= x.Type.Size();
        var to = outputs[0].Bytes;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < condition.Shape.ElementCount; i++)
            {
                if (condition.Integer(i) == 0) continue;
                x.Bytes.Slice((o * size + i) * inner, inner).CopyTo(to);
                to = to[inner..];
            }
    }
}

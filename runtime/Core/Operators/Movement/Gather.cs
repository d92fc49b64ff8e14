using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Picks slices along an axis by indices, which may count from the end: how exporters read one dimension of a shape.</summary>
internal sealed class Gather : Operator
{
    public override string OpType => OpTypes.Gather;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 2, Int("axis"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), indices = inputs.Required(node, 1);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
        OperatorRules.CheckIndices(node, indices.Type);
        foreach (long i in indices.Constant?.ToInt64s() ?? []) RowMajor.Index(node, i, x.Shape[axis]);
        return [new(
            x.Type, OperatorRules.ShapeOf(node, [.. x.Shape.Dimensions[..axis], .. indices.Shape.Dimensions, .. x.Shape.Dimensions[(axis + 1)..]]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], indices = inputs[1];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank), size = x.Shape[axis];
        var (outer, inner) = RowMajor.Around(x.Shape, axis);
        inner *= x.Type.Size();
        ReadOnlySpan<byte> from = x.Bytes;
        var to = outputs[0].Bytes;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < indices.Shape.ElementCount; i++)
            {
                from.Slice((o * size + RowMajor.Index(node, indices.Integer(i), size)) * inner, inner).CopyTo(to);
                to = to[inner..];
            }
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Picks slices along an axis by constant indices, which may count from the end: how exporters read one dimension of a shape.</summary>
internal sealed class Gather : Operator
{
    public override string OpType => OpTypes.Gather;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 2, Int("axis"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), indices = inputs.Required(node, 1);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank);
        foreach (long i in inputs.ConstantInts(node, 1))
            if (i < -x.Shape[axis] || i >= x.Shape[axis]) throw OperatorRules.Bad(node, $"index {i} of a dimension of {x.Shape[axis]}");
        return [new(
            x.Type, OperatorRules.ShapeOf(node, [.. x.Shape.Dimensions[..axis], .. indices.Shape.Dimensions, .. x.Shape.Dimensions[(axis + 1)..]]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], indices = inputs[1];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank), size = x.Shape[axis], outer = 1, inner = x.Type.Size();
        for (int d = 0; d < axis; d++) outer *= x.Shape[d];
        for (int d = axis + 1; d < x.Shape.Rank; d++) inner *= x.Shape[d];
        var to = outputs[0].Bytes;
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < indices.Shape.ElementCount; i++)
            {
                long index = indices.Integer(i);
                x.Bytes.Slice((int)((o * size + (index < 0 ? index + size : index)) * inner), inner).CopyTo(to);
                to = to[inner..];
            }
    }
}

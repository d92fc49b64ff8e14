using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>For each index the element at that index along an axis, at the same place along all others.</summary>
internal sealed class GatherElements : Operator
{
    public override string OpType => "GatherElements";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 2, 2, Int("axis"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Required(node, 0), indices = inputs.Required(node, 1);
        ElementPlaces.Check(node, x, indices, OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank));
        return [new(x.Type, indices.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), x.Shape.Rank), size = x.Type.Size();
        for (int i = 0; i < y.Shape.ElementCount; i++)
            x.Bytes.Slice(ElementPlaces.Of(node, x.Shape, inputs[1], i, axis) * size, size).CopyTo(y.Bytes[(i * size)..]);
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Every bit turned over.</summary>
internal sealed class BitwiseNot : Operator
{
    public override string OpType => "BitwiseNot";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 1, 1)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.OfKind(node, 0, ElementKinds.Integers);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        for (int i = 0; i < outputs[0].Shape.ElementCount; i++) outputs[0].Set(i, ~inputs[0].Integer(i));
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether an element is false.</summary>
internal sealed class Not : Operator
{
    public override string OpType => "Not";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.OfKind(node, 0, ElementKinds.Bool);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        for (int i = 0; i < outputs[0].Shape.ElementCount; i++) outputs[0].Set(i, inputs[0].Integer(i) ^ 1);
    }
}

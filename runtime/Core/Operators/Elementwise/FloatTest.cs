using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>A question about each float.</summary>
internal abstract class FloatTest : Operator
{
    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None };

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) =>
        [new(ElementType.Bool, inputs.OfKind(node, 0, ElementKinds.Floats).Shape)];

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        for (int i = 0; i < outputs[0].Shape.ElementCount; i++) outputs[0].Set(i, Holds(node, inputs[0].Number(i)) ? 1L : 0);
    }

    /// <summary>Whether the answer is yes.</summary>
    protected abstract bool Holds(Node node, double x);
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>A function of one float, applied to every element.</summary>
internal abstract class Elementwise : Operator
{
    /// <summary>Of every such operator.</summary>
    protected static readonly OperatorTraits UnaryTraits = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None };

    public override OperatorTraits Traits => UnaryTraits;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(6, 1, 1)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => [new(ElementType.Float32, inputs.Float(node, 0).Shape)];

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        for (int i = 0; i < y.Length; i++) y[i] = Apply(x[i]);
    }

    protected abstract float Apply(float x);
}

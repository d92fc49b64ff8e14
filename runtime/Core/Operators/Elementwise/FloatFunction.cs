using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>A function of each float without kernels of its own, computed in float64 and rounded once.</summary>
internal abstract class FloatFunction : Operator
{
    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None };

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.OfKind(node, 0, ElementKinds.Floats);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        for (int i = 0; i < outputs[0].Shape.ElementCount; i++) outputs[0].Set(i, Of(inputs[0].Number(i)));
    }

    /// <summary>The function.</summary>
    protected abstract double Of(double x);
}

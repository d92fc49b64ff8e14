using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>An operator that applies a function of one float to every element.</summary>
internal abstract class ElementwiseOperator : Operator
{
    /// <summary>Of every such operator.</summary>
    protected static readonly OperatorTraits UnaryTraits = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None, RoundsToReaders = true };

    public override OperatorTraits Traits => UnaryTraits;

    /// <summary>The function of a node, its parameters included; null when only <see cref="Operator.Evaluate"/> can compute it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">What is known of the inputs; null for one left out.</param>
    public abstract ElementFunction? FunctionOf(Node node, ReadOnlySpan<InputType?> inputs);
}

/// <summary>
/// An operator whose function depends on nothing but its attributes. It is written once: reference, kernels and u8 tables are made of it.
/// </summary>
/// <typeparam name="TFunction">The function.</typeparam>
internal abstract class ElementwiseOperator<TFunction> : ElementwiseOperator
    where TFunction : struct, IFloatFunction
{
    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => [new(ElementType.Float32, inputs.Float(node, 0).Shape)];

    public sealed override ElementFunction FunctionOf(Node node, ReadOnlySpan<InputType?> inputs) => new ElementFunction<TFunction>(FunctionOf(node));

    public sealed override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var function = FunctionOf(node);
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        for (int i = 0; i < y.Length; i++) y[i] = function.Apply(new Float32x1(x[i])).Value;
    }

    /// <summary>The function with the node's attributes; overridden where there are any.</summary>
    protected virtual TFunction FunctionOf(Node node) => default;
}

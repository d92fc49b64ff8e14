using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>An operator that applies a function of one number to every element.</summary>
internal abstract class ElementwiseOperator : Operator
{
    /// <summary>Of every such operator.</summary>
    protected static readonly OperatorTraits UnaryTraits = new() { Elements = ElementFlow.Mapped, Axes = AxisUse.None, RoundsToReaders = true };

    /// <summary>The forms of most such operators without attributes; sets 1 to 5 also said which inputs' memory may be overwritten.</summary>
    protected static readonly Signature[] WithoutAttributes = [new(1, 1, 1, AttributeRule.ConsumedInputs), new(6, 1, 1)];

    public override OperatorTraits Traits => UnaryTraits;

    /// <summary>The types that the input may have.</summary>
    protected virtual ElementKinds Kinds => ElementKinds.Floats;

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.OfKind(node, 0, Kinds);
        return [new(x.Type, x.Shape)];
    }

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Inputs.Skip(1).All(input => input.Length == 0 || graph.Constant(input) is not null)
            ? QuantizationRule.FollowsReaders : QuantizationRule.StaysFloat;

    /// <summary>The function of a node for float32, its parameters included; null when only <see cref="Operator.Evaluate"/> can compute it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">What is known of the inputs; null for one left out.</param>
    public abstract ElementFunction? FunctionOf(Node node, ReadOnlySpan<InputType?> inputs);
}

/// <summary>
/// An operator whose function depends on nothing but its attributes. It is written once: reference, kernels and u8 tables are made of it. Float32 is
/// computed as the function says; the other floats in float64, rounded once.
/// </summary>
/// <typeparam name="TFunction">The function.</typeparam>
internal abstract class ElementwiseOperator<TFunction> : ElementwiseOperator
    where TFunction : struct, IFloatFunction
{
    public sealed override ElementFunction FunctionOf(Node node, ReadOnlySpan<InputType?> inputs) =>
        new ElementFunction<TFunction>(FunctionOf(node));

    public sealed override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        if (x.Type == ElementType.Float32) Evaluate(FunctionOf(node), x.As<float>(), y.As<float>());
        else if (x.Type.IsFloat()) Evaluate(FunctionOf(node), x, y);
        else for (int i = 0; i < y.Shape.ElementCount; i++) y.Set(i, OfInteger(node, x.Integer(i), x.Type));
    }

    /// <summary>The function with the node's attributes; overridden where there are any.</summary>
    protected virtual TFunction FunctionOf(Node node) => default;

    /// <summary>The function of an integer, of which the lowest bits count; for operators that take integers.</summary>
    protected virtual long OfInteger(Node node, long x, ElementType type) => throw new InvalidOperationException($"{node} of integers");

    private static void Evaluate(TFunction function, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++) y[i] = function.Apply(new Float32x1(x[i])).Value;
    }

    private static void Evaluate(TFunction function, in TensorView x, in TensorView y)
    {
        for (int i = 0; i < y.Shape.ElementCount; i++) y.Set(i, function.Apply(new WideFloat(x.Number(i))).Value);
    }
}

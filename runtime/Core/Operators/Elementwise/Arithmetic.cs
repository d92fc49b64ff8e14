using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>
/// Numbers computed from numbers of the same type, from the first input to the last. Floats are computed in float64 and rounded once, which for one
/// sum, product or quotient of float32 gives what float32 would give; integers wrap.
/// </summary>
internal abstract class Arithmetic : BroadcastOperator
{
    /// <summary>Of every such operator.</summary>
    protected static readonly OperatorTraits ArithmeticTraits =
        BroadcastTraits with { Elements = ElementFlow.Combined, HasInt8Form = true, RoundsToReaders = true };

    /// <summary>The forms of Add, Sub, Mul and Div: before 7 the second value was spread only if the node said so.</summary>
    protected static readonly Signature[] ArithmeticForms =
    [
        new(1, 2, 2, AttributeRule.Int("axis"), AttributeRule.Int("broadcast"), AttributeRule.ConsumedInputs),
        new(6, 2, 2, AttributeRule.Int("axis"), AttributeRule.Int("broadcast")),
        new(7, 2, 2),
    ];

    /// <summary>The forms of Max and Min.</summary>
    protected static readonly Signature[] ForAnyNumber =
    [
        new(1, 1, Signature.AnyNumber, AttributeRule.ConsumedInputs),
        new(6, 1, Signature.AnyNumber),
    ];

    public override OperatorTraits Traits => ArithmeticTraits;

    /// <summary>Of one or two values, or of one and a number: a constant of many numbers would need a kernel of its own.</summary>
    public override QuantizationRule Quantization(Node node, Graph graph) =>
        Function is not null && node.Inputs.Count <= 2
            && node.Inputs.TrueForAll(input => graph.Constant(input) is null or { Type: ElementType.Float32, Shape.ElementCount: 1 })
            ? QuantizationRule.FollowsReaders : QuantizationRule.StaysFloat;

    /// <summary>The function of two floats as kernels compute it; null when only the reference can.</summary>
    public virtual BinaryFunction? Function => null;

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView y = outputs[0], left = inputs[0];
        if (inputs.Length == 1) left.Bytes.CopyTo(y.Bytes);
        foreach (var right in inputs[1..])
        {
            Combine(node, left, right, y);
            left = y;
        }
    }

    /// <summary>The function of two floats, not yet rounded to their type.</summary>
    protected abstract double Apply(double a, double b);

    /// <summary>The function of two integers, of which the lowest bits count; those of UInt64 come as their bits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="type">Of both.</param>
    protected abstract long Apply(Node node, long a, long b, ElementType type);

    private void Combine(Node node, in TensorView left, in TensorView right, in TensorView y)
    {
        BroadcastSource a = new(left.Shape, y.Shape), b = new(right.Shape, y.Shape);
        bool isFloat = y.Type.IsFloat();
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            if (isFloat) y.Set(i, Apply(left.Number(a.At(i)), right.Number(b.At(i))));
            else y.Set(i, Apply(node, left.Integer(a.At(i)), right.Integer(b.At(i)), y.Type));
        }
    }
}

/// <summary>Arithmetic whose function of floats is written once: reference and kernels are made of it.</summary>
/// <typeparam name="TFunction">The function.</typeparam>
internal abstract class Arithmetic<TFunction> : Arithmetic
    where TFunction : struct, IBinaryFunction
{
    public sealed override BinaryFunction Function { get; } = new BinaryFunction<TFunction>(default);

    protected sealed override double Apply(double a, double b) => default(TFunction).Apply(new Float64x1(a), new Float64x1(b)).Value;
}

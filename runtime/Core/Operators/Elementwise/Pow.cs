using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>
/// Power, element by element, with broadcasting. The exponent may be of another type; the result is of the base's. Integers to an integer that is
/// not negative wrap; any other power of them is computed in float64 and truncated.
/// </summary>
internal sealed class Pow : BroadcastOperator
{
    public override string OpType => OpTypes.Pow;

    public override IReadOnlyList<Signature> Signatures => SpreadWhenAsked;

    public override OperatorTraits Traits { get; } = BroadcastTraits with { Elements = ElementFlow.Combined, SpreadsRange = true };

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        graph.Constant(node.Inputs[1]) is { Shape.ElementCount: 1 } ? QuantizationRule.FollowsReaders : QuantizationRule.StaysFloat;

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], exponent = inputs[1], y = outputs[0];
        BroadcastSource a = new(x.Shape, y.Shape), b = new(exponent.Shape, y.Shape);
        bool isInteger = x.Type.IsInteger() && exponent.Type.IsInteger();
        for (int i = 0; i < y.Shape.ElementCount; i++)
        {
            int p = a.At(i), q = b.At(i);
            if (isInteger && !Integers.IsLess(exponent.Integer(q), 0, exponent.Type)) y.Set(i, Integers.Power(x.Integer(p), exponent.Integer(q)));
            else y.Set(i, Math.Pow(x.Number(p), exponent.Number(q)));
        }
    }

    protected override bool IsPair(ElementType first, ElementType other) => ElementKinds.Numbers.Include(other);
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>The input, unchanged.</summary>
internal sealed class Identity : Reinterpret
{
    public override string OpType => OpTypes.Identity;

    public override OperatorTraits Traits { get; } = ViewTraits with { Axes = AxisUse.None, PassesPositiveFactor = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    public override bool IsIdentity(Node node) => true;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape) => SameShape(inputs[0].Shape, shape);
}

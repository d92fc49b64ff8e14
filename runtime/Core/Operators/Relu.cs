using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>max(x, 0); NaN stays NaN.</summary>
internal sealed class Relu : Elementwise
{
    public override string OpType => OpTypes.Relu;

    public override OperatorTraits Traits { get; } = UnaryTraits with { IsClamp = true, PassesPositiveFactor = true, RoundsToReaders = true };

    protected override float Apply(float x) => x < 0 ? 0 : x;

    public override (float Low, float High)? Clamp(Node node, InputType? low, InputType? high) => (0, float.PositiveInfinity);
}

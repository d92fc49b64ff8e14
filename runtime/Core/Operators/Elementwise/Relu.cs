using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>max(x, 0); NaN stays NaN.</summary>
internal sealed class Relu : ElementwiseOperator<Relu.Function>
{
    public override string OpType => OpTypes.Relu;

    public override OperatorTraits Traits { get; } = UnaryTraits with { IsClamp = true, PassesPositiveFactor = true, RoundsToReaders = true };

    public override (float Low, float High)? Clamp(Node node, InputType? low, InputType? high) => (0, float.PositiveInfinity);

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    protected override ElementKinds Kinds => ElementKinds.Floats | ElementKinds.Signed;

    protected override long OfInteger(Node node, long x, ElementType type) => Math.Max(x, 0);

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.IfLess(x, T.Of(0), T.Of(0), x);
    }
}

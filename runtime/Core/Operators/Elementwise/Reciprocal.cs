using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>1 / x.</summary>
internal sealed class Reciprocal : ElementwiseOperator<Reciprocal.Function>
{
    public override string OpType => "Reciprocal";

    public override OperatorTraits Traits { get; } = UnaryTraits with { SpreadsRange = true };

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.Of(1) / x;
    }
}

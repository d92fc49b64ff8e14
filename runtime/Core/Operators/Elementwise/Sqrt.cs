using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>The square root; not a number below 0.</summary>
internal sealed class Sqrt : ElementwiseOperator<Sqrt.Function>
{
    public override string OpType => "Sqrt";

    public override OperatorTraits Traits { get; } = UnaryTraits with { SpreadsRange = true };

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.Sqrt(x);
    }
}

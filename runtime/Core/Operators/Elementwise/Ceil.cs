using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>The next whole number above.</summary>
internal sealed class Ceil : ElementwiseOperator<Ceil.Function>
{
    public override string OpType => "Ceil";

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.Of(-1) * T.Floor(T.Of(-1) * x);
    }
}

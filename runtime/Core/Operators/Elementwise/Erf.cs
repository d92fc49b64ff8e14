using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>The error function, 2/√π · ∫ e^-t² dt from 0 to x.</summary>
internal sealed class Erf : ElementwiseOperator<Erf.Function>
{
    public override string OpType => "Erf";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this) : Float32ErrorFunction.Of(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => ErrorFunction.Of(x);
    }
}

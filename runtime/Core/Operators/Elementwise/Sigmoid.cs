using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>1 / (1 + e^-x).</summary>
internal sealed class Sigmoid : ElementwiseOperator<Sigmoid.Function>
{
    public override string OpType => OpTypes.Sigmoid;

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this) : Float32Sigmoid.Of(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => T.Of(1) / (T.Of(1) + Exponential.Of(T.Of(-1) * x));
    }
}

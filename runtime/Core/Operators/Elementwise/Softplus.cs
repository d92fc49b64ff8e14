using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>ln(1 + e^x), as max(x, 0) + ln(1 + e^-|x|).</summary>
internal sealed class Softplus : ElementwiseOperator<Softplus.Function>
{
    public override string OpType => "Softplus";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => x.InDouble(this);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T rest = Logarithm.OfOnePlus(Exponential.Of(T.Of(-1) * LaneMath.Abs(x)));
            return T.IfLess(x, T.Of(0), rest, x + rest);
        }
    }
}

using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>ln(1 + e^x), as max(x, 0) + ln(1 + e^-|x|).</summary>
internal sealed class Softplus : ElementwiseOperator<Softplus.Function>
{
    public override string OpType => OpTypes.Softplus;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x)
        {
            if (T.IsWide) return x.InDouble(this);
            T rest = LogarithmOfOnePlus(Float32Exponential.OfNegative(T.Of(0) - T.Abs(x)));
            return T.IfLess(x, T.Of(0), rest, x + rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T rest = Logarithm.OfOnePlus(Exponential.Of(T.Of(-1) * T.Abs(x)));
            return T.IfLess(x, T.Of(0), rest, x + rest);
        }

        // ln((1 + s)/(1 - s)) = 2·s + s³·p(s²) with s = e/(e + 2) ≤ 1/3, for 0 ≤ e ≤ 1; p interpolates at four Chebyshev nodes.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T LogarithmOfOnePlus<T>(T e) where T : struct, IFloatLanes<T>
        {
            T s = e / (e + T.Of(2)), z = s * s, p = T.FusedMultiplyAdd(z, T.Of(0.268514980229), T.Of(0.282366198053));
            p = T.FusedMultiplyAdd(z, p, T.Of(0.400075606449));
            p = T.FusedMultiplyAdd(z, p, T.Of(0.666666403367));
            return T.FusedMultiplyAdd(s * z, p, s + s);
        }
    }
}

using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>x·tanh(ln(1 + e^x)), as x·n / (n + 2) with n = e^x·(e^x + 2). Misra, arXiv:1908.08681.</summary>
internal sealed class Mish : ElementwiseOperator<Mish.Function>
{
    public override string OpType => OpTypes.Mish;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 1, 1)];

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this) : Gated(x, Float32Exponential.Of(Capped(x, 20)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => Gated(x, Exponential.Of(Capped(x, 40)));

        // Beyond the cap the function is x, in this type.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Capped<T>(T x, double cap) where T : struct, ILanes<T> => T.IfLess(T.Of(cap), x, T.Of(cap), x);

        // Below -1000 it is 0 in every type.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static T Gated<T>(T x, T power) where T : struct, ILanes<T>
        {
            T n = power * (power + T.Of(2));
            return T.IfLess(x, T.Of(-1000), T.Of(-1000), x) * (n / (n + T.Of(2)));
        }
    }
}

using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>x·tanh(ln(1 + e^x)), as x·n / (n + 2) with n = e^x·(e^x + 2). Misra, arXiv:1908.08681.</summary>
internal sealed class Mish : ElementwiseOperator<Mish.Function>
{
    public override string OpType => "Mish";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 1, 1)];

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => x.InDouble(this);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            // Beyond 40 it is x, and below -1000 it is 0 in every type.
            T power = Exponential.Of(T.IfLess(T.Of(40), x, T.Of(40), x)), n = power * (power + T.Of(2));
            return T.IfLess(x, T.Of(-1000), T.Of(-1000), x) * (n / (n + T.Of(2)));
        }
    }
}

using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>e^x, as the square of e^(x/2), which float64 holds wherever e^x is neither 0 nor infinite.</summary>
internal sealed class Exp : ElementwiseOperator<Exp.Function>
{
    public override string OpType => "Exp";

    public override OperatorTraits Traits { get; } = UnaryTraits with { SpreadsRange = true };

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IsWide ? x.InDouble(this) : Float32Exponential.Of(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T root = Exponential.Of(T.Of(0.5) * x);
            return root * root;
        }
    }
}

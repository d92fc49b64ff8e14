using System.Runtime.CompilerServices;
using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>The natural logarithm: -∞ of 0, not a number below.</summary>
internal sealed class Log : ElementwiseOperator<Log.Function>
{
    public override string OpType => "Log";

    public override OperatorTraits Traits { get; } = UnaryTraits with { SpreadsRange = true };

    public override IReadOnlyList<Signature> Signatures => WithoutAttributes;

    internal readonly record struct Function : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => x.InDouble(this);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => Logarithm.Of(x);
    }
}

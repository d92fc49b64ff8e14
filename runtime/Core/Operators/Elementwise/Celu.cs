using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>max(x, 0) + min(alpha·(e^(x/alpha) - 1), 0). Barron, arXiv:1704.07483.</summary>
internal sealed class Celu : ElementwiseOperator<Celu.Function>
{
    public override string OpType => "Celu";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(12, 1, 1, Float("alpha"))];

    protected override Function FunctionOf(Node node) => new(node.Attributes.Float("alpha", 1));

    internal readonly record struct Function(float Alpha) : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => x.InDouble(this);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x)
        {
            T curve = T.Of(Alpha) * Exponential.MinusOne(x / T.Of(Alpha)), zero = T.Of(0);
            return T.IfLess(x, zero, T.IfLess(zero, curve, zero, curve), T.IfLess(curve, zero, x + curve, x));
        }
    }
}

using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>alpha·(e^x - 1) below 0, else x. Clevert et al., arXiv:1511.07289.</summary>
internal sealed class Elu : ElementwiseOperator<Elu.Function>
{
    public override string OpType => "Elu";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Float("alpha"), ConsumedInputs),
        new(6, 1, 1, Float("alpha")),
    ];

    protected override Function FunctionOf(Node node) => new(node.Attributes.Float("alpha", 1));

    internal readonly record struct Function(float Alpha) : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) =>
            T.IfLess(x, T.Of(0), T.IsWide ? x.InDouble(this) : T.Of(Alpha) * Float32Exponential.MinusOne(x), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => T.Of(Alpha) * Exponential.MinusOne(x);
    }
}

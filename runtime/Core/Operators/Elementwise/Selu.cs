using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>gamma·x above 0, else gamma·alpha·(e^x - 1). Klambauer et al., arXiv:1706.02515.</summary>
internal sealed class Selu : ElementwiseOperator<Selu.Function>
{
    public override string OpType => "Selu";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Float("alpha"), ConsumedInputs, Float("gamma")),
        new(6, 1, 1, Float("alpha"), Float("gamma")),
    ];

    protected override Function FunctionOf(Node node) =>
        new(node.Attributes.Float("alpha", 1.67326319217681884765625f), node.Attributes.Float("gamma", 1.05070102214813232421875f));

    internal readonly record struct Function(float Alpha, float Gamma) : IFloatFunction, IDoubleFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IFloatFunction.Apply<T>(T x) => T.IfLess(
            T.Of(0), x, T.Of(Gamma) * x, T.IsWide ? x.InDouble(this) : T.Of(Gamma) * (T.Of(Alpha) * Float32Exponential.MinusOne(x)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        T IDoubleFunction.Apply<T>(T x) => T.Of(Gamma) * (T.Of(Alpha) * Exponential.MinusOne(x));
    }
}

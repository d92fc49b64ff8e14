using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>min(max(alpha·x + beta, 0), 1).</summary>
internal sealed class HardSigmoid : ElementwiseOperator<HardSigmoid.Function>
{
    /// <summary>What holds when the attribute is missing.</summary>
    public const float DefaultAlpha = 0.2f, DefaultBeta = 0.5f;

    public override string OpType => OpTypes.HardSigmoid;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Float("alpha"), Float("beta"), ConsumedInputs),
        new(6, 1, 1, Float("alpha"), Float("beta")),
    ];

    protected override Function FunctionOf(Node node) =>
        new(node.Attributes.Float("alpha", DefaultAlpha), node.Attributes.Float("beta", DefaultBeta));

    internal readonly record struct Function(float Alpha, float Beta) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> =>
            T.Clamp(T.FusedMultiplyAdd(x, T.Of(Alpha), T.Of(Beta)), T.Of(0), T.Of(1));
    }
}

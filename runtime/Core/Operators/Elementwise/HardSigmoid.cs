using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>min(max(alpha·x + beta, 0), 1).</summary>
internal sealed class HardSigmoid : ElementwiseOperator<HardSigmoid.Function>
{
    public override string OpType => "HardSigmoid";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Float("alpha"), Float("beta"), ConsumedInputs),
        new(6, 1, 1, Float("alpha"), Float("beta")),
    ];

    protected override Function FunctionOf(Node node) => new(node.Attributes.Float("alpha", 0.2f), node.Attributes.Float("beta", 0.5f));

    internal readonly record struct Function(float Alpha, float Beta) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> =>
            LaneMath.Clamp(T.FusedMultiplyAdd(x, T.Of(Alpha), T.Of(Beta)), T.Of(0), T.Of(1));
    }
}

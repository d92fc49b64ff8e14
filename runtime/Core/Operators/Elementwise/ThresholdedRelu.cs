using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>x above alpha, else 0.</summary>
internal sealed class ThresholdedRelu : ElementwiseOperator<ThresholdedRelu.Function>
{
    public override string OpType => "ThresholdedRelu";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 1, 1, Float("alpha"))];

    protected override Function FunctionOf(Node node) => new(node.Attributes.Float("alpha", 1));

    internal readonly record struct Function(float Alpha) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.IfLess(T.Of(Alpha), x, x, T.Of(0));
    }
}

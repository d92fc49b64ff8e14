using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>alpha·x below 0, else x.</summary>
internal sealed class LeakyRelu : ElementwiseOperator<LeakyRelu.Function>
{
    public override string OpType => "LeakyRelu";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Float("alpha"), ConsumedInputs),
        new(6, 1, 1, Float("alpha")),
    ];

    protected override Function FunctionOf(Node node) => new(node.Attributes.Float("alpha", 0.01f));

    internal readonly record struct Function(float Alpha) : IFloatFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, IFloatLanes<T> => T.IfLess(x, T.Of(0), T.Of(Alpha) * x, x);
    }
}

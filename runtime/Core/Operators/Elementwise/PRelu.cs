using System.Runtime.CompilerServices;
using ResNetEdge.Model;
using ResNetEdge.Operators.Lanes;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>slope·x below 0, else x; the slope is spread to the shape of x. He et al., arXiv:1502.01852.</summary>
internal sealed class PRelu : Arithmetic<PRelu.Of>
{
    public override string OpType => OpTypes.PRelu;

    public override OperatorTraits Traits { get; } = ArithmeticTraits with { Inputs = [InputRole.Data, InputRole.Trained] };

    /// <summary>Any constant slopes: they stay float beside the quantised values.</summary>
    public override QuantizationRule Quantization(Node node, Graph graph) =>
        graph.Constant(node.Inputs[1]) is { Type: ElementType.Float32 } ? QuantizationRule.FollowsReaders : QuantizationRule.StaysFloat;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 2, ConsumedInputs), new(6, 2, 2)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        Shape x = inputs.Required(node, 0).Shape, slope = inputs.Required(node, 1).Shape;
        for (int i = 1; i <= slope.Rank; i++)
        {
            if (i > x.Rank || (slope[^i] != 1 && slope[^i] != x[^i]))
                throw OperatorRules.Bad(node, $"a slope of shape {slope} is not supported for an input of shape {x}; axes are aligned from the last");
        }

        return base.Infer(node, inputs);
    }

    protected override long Apply(Node node, long a, long b, ElementType type) => type.IsSigned() && a < 0 ? a * b : a;

    internal readonly record struct Of : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.IfLess(a, T.Of(0), a * b, a);
    }
}

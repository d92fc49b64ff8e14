using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Sum, element by element, with broadcasting.</summary>
internal sealed class Add : BinaryArithmetic
{
    public override string OpType => OpTypes.Add;

    public override OperatorTraits Traits { get; } = ArithmeticTraits with { HasInt8Form = true, RoundsToReaders = true };

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Inputs.TrueForAll(input => graph.Constant(input) is null) ? QuantizationRule.ComputesInInt8 : QuantizationRule.StaysFloat;

    protected override float Apply(float a, float b) => a + b;

    protected override long Apply(Node node, long a, long b) => a + b;
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>Mean of each channel.</summary>
internal sealed class GlobalAveragePool : GlobalPool
{
    public override string OpType => OpTypes.GlobalAveragePool;

    public override OperatorTraits Traits { get; } = new() { HasInt8Form = true, PassesPositiveFactor = true, ReadsChannelsInnermost = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    protected override double Reduce(Node node, in TensorView x, int first, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += x.Number(first + i);
        return sum / count;
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.ComputesInInt8;
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>Largest value of each channel.</summary>
internal sealed class GlobalMaxPool : GlobalPool
{
    public override string OpType => "GlobalMaxPool";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, PassesPositiveFactor = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    protected override double Reduce(Node node, in TensorView x, int first, int count)
    {
        double max = double.NegativeInfinity;
        for (int i = 0; i < count; i++) max = Math.Max(max, x.Number(first + i));
        return max;
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>(Σ|x|^p)^(1/p) of each channel.</summary>
internal sealed class GlobalLpPool : GlobalPool
{
    public override string OpType => OpTypes.GlobalLpPool;

    public override OperatorTraits Traits { get; } = new() { PassesPositiveFactor = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Float("p")), new(2, 1, 1, Int("p"))];

    protected override double Reduce(Node node, in TensorView x, int first, int count)
    {
        double p = node.Attributes.Int("p", 2), sum = 0;
        for (int i = 0; i < count; i++) sum += Math.Pow(Math.Abs(x.Number(first + i)), p);
        return Math.Pow(sum, 1 / p);
    }
}

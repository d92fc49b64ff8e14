using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>(Σ|x|^p)^(1/p) under the window.</summary>
internal sealed class LpPool : Pool
{
    public override string OpType => OpTypes.LpPool;

    public override OperatorTraits Traits { get; } = new() { PassesPositiveFactor = true };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Text("auto_pad"), Ints("kernel_shape"), Float("p"), Ints("pads"), Ints("strides")),
        new(2, 1, 1, Text("auto_pad"), Ints("kernel_shape").Required(), Int("p"), Ints("pads"), Ints("strides")),
        new(18, 1, 1, Text("auto_pad"), Int("ceil_mode"), Ints("dilations"),
            Ints("kernel_shape").Required(), Int("p"), Ints("pads"), Ints("strides")),
    ];

    protected override double Reduce(Node node, in TensorView x, int first, in WindowPlane plane, int place)
    {
        double p = node.Attributes.Int("p", 2), sum = 0;
        int taps = plane.Taps;
        for (int tap = 0; tap < taps; tap++)
            if (plane.InputOf(place, tap) is >= 0 and var input) sum += Math.Pow(Math.Abs(x.Number(first + input)), p);
        return Math.Pow(sum, 1 / p);
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>Mean under the window; padding counts as zeros only with count_include_pad, and never beyond the padded edge.</summary>
internal sealed class AveragePool : Pool
{
    public override string OpType => OpTypes.AveragePool;

    public override OperatorTraits Traits { get; } = new()
    {
        HasInt8Form = true,
        PassesPositiveFactor = true,
        RoundsToReaders = true,
        ReadsChannelsInnermost = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Text("auto_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new(7, 1, 1, Text("auto_pad"), Int("count_include_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new(10, 1, 1, Text("auto_pad"), Int("ceil_mode"), Int("count_include_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new(19, 1, 1, Text("auto_pad"), Int("ceil_mode"), Int("count_include_pad"), Ints("dilations"),
            Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
    ];

    protected override double Reduce(Node node, in TensorView x, int first, in WindowPlane plane, int place)
    {
        bool includePad = node.Attributes.Int("count_include_pad", 0) != 0;
        double sum = 0;
        int count = 0, taps = plane.Taps;
        for (int tap = 0; tap < taps; tap++)
        {
            int input = plane.InputOf(place, tap);
            if (input >= 0) sum += x.Number(first + input);
            if (input >= 0 || (includePad && plane.IsOnPadded(place, tap))) count++;
        }

        return count == 0 ? 0 : sum / count;
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.ComputesInInt8;
}

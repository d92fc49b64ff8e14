using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>
/// Largest value under the window, and where it was: its index in the whole input, or with storage_order 1 its index where the spatial axes are
/// stored in the opposite order. Padding never wins; of equal values the first does.
/// </summary>
internal sealed class MaxPool : Pool
{
    public override string OpType => OpTypes.MaxPool;

    public override OperatorTraits Traits { get; } = new()
    {
        Elements = ElementFlow.Selected,
        PassesPositiveFactor = true,
        ReadsChannelsInnermost = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Text("auto_pad"), Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new(8, 1, 1, Text("auto_pad"), Ints("kernel_shape").Required(), Ints("pads"), Int("storage_order"), Ints("strides")) { Outputs = 2 },
        new(10, 1, 1, Text("auto_pad"), Int("ceil_mode"), Ints("dilations"),
            Ints("kernel_shape").Required(), Ints("pads"), Int("storage_order"), Ints("strides")) { Outputs = 2 },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var y = base.Infer(node, inputs)[0];
        return [y, new(ElementType.Int64, y.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        base.Evaluate(node, inputs, outputs);
        if (outputs.Length < 2 || !outputs[1].IsPresent) return;
        var x = inputs[0];
        var plane = new WindowPlane(
            WindowAxis.Resolve(node, x.Shape, [], stackalloc WindowAxis[WindowAxis.Most]), x.Shape.Dimensions[2..]);
        int count = outputs[1].Shape.ElementCount, places = plane.Outputs, size = plane.Inputs;
        bool turned = node.Attributes.Int("storage_order", 0) != 0;
        for (int i = 0; i < count; i++)
        {
            int first = i / places * size, best = Largest(x, first, plane, i % places);
            outputs[1].Set(i, best < 0 ? -1L : first + (turned ? Turned(best, x.Shape.Dimensions[2..]) : best));
        }
    }

    protected override bool Takes(ElementType type) => base.Takes(type) || type is ElementType.UInt8 or ElementType.Int8;

    protected override double Reduce(Node node, in TensorView x, int first, in WindowPlane plane, int place) =>
        Largest(x, first, plane, place) is >= 0 and var best ? x.Number(first + best) : double.NegativeInfinity;

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        node.Outputs.Count == 1 ? QuantizationRule.PassesScale : QuantizationRule.StaysFloat;

    /// <summary>The element of the channel that wins; -1 where the window lies in the padding. What is not a number wins over all that is.</summary>
    private static int Largest(in TensorView x, int first, in WindowPlane plane, int place)
    {
        int best = -1, taps = plane.Taps;
        double max = double.NegativeInfinity;
        for (int tap = 0; tap < taps; tap++)
        {
            int input = plane.InputOf(place, tap);
            if (input < 0) continue;
            double value = x.Number(first + input);
            if (best < 0 || value > max || (double.IsNaN(value) && !double.IsNaN(max))) (best, max) = (input, value);
        }

        return best;
    }

    // The first spatial axis is the fastest.
    private static int Turned(int index, ReadOnlySpan<int> sizes)
    {
        int total = 1, result = 0;
        foreach (int size in sizes) total *= size;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            total /= sizes[d];
            result += index % sizes[d] * total;
            index /= sizes[d];
        }

        return result;
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>
/// The gradient of a convolution: each input element adds its kernel, scaled, to the output. x [N][C][spatial axes], w [C][M/group][kernel], b [M] or
/// left out → [N][M][spatial axes].
/// </summary>
internal sealed class ConvTranspose : Operator
{
    public override string OpType => OpTypes.ConvTranspose;

    public override OperatorTraits Traits { get; } = new()
    {
        Inputs = [InputRole.Data, InputRole.Weight, InputRole.Bias],
        HasInt8Form = true,
        RoundsToReaders = true,
        ReadsChannelsInnermost = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 2, 3, Text("auto_pad"), Ints("dilations"), Int("group"), Ints("kernel_shape"),
            Ints("output_padding"), Ints("output_shape"), Ints("pads"), Ints("strides")),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        var w = inputs.OfType(node, 1, x.Type).Shape;
        if (w.Rank < 3) throw OperatorRules.Bad(node, $"its weights have shape {w}; inputs, outputs and a kernel are expected");
        var axes = TransposedAxis.Resolve(node, x.Shape, w.Dimensions[2..], stackalloc TransposedAxis[WindowAxis.Most]);
        long groups = node.Attributes.Int("group", 1);
        if (groups < 1 || x.Shape[1] != w[0] || w[0] % groups != 0 || w[1] * groups > int.MaxValue)
            throw OperatorRules.Bad(node, $"{x.Shape[1]} input channels do not fit weights {w} in {groups} groups");
        int[] shape = [.. x.Shape.Dimensions];
        shape[1] = (int)(w[1] * groups);
        for (int d = 0; d < axes.Length; d++) shape[d + 2] = axes[d].Output;
        if (inputs.Optional(2) is not null) inputs.OfTypeAndShape(node, 2, x.Type, shape[1]);
        return [new(x.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, w, y) = (inputs[0], inputs[1], outputs[0]);
        var bias = inputs.Length > 2 ? inputs[2] : default;
        var axes = TransposedAxis.Resolve(node, x.Shape, w.Shape.Dimensions[2..], stackalloc TransposedAxis[WindowAxis.Most]);
        int groups = (int)node.Attributes.Int("group", 1), channels = w.Shape[0] / groups, outputsOfGroup = w.Shape[1];
        int count = y.Shape.ElementCount, places = 1, size = 1, taps = 1;
        for (int d = 0; d < axes.Length; d++) (places, size, taps) = (places * axes[d].Output, size * x.Shape[d + 2], taps * axes[d].Kernel);
        for (int i = 0; i < count; i++)
        {
            int m = i / places % y.Shape[1], n = i / places / y.Shape[1], group = m / outputsOfGroup;
            double sum = bias.IsPresent ? bias.Number(m) : 0;
            for (int tap = 0; tap < taps; tap++)
            {
                if (TransposedAxis.InputOf(axes, x.Shape.Dimensions[2..], i % places, tap) is not (>= 0 and var input)) continue;
                for (int c = group * channels; c < (group + 1) * channels; c++)
                    sum += x.Number((n * x.Shape[1] + c) * size + input) * w.Number((c * outputsOfGroup + m % outputsOfGroup) * taps + tap);
            }

            y.Set(i, sum);
        }
    }

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        HasPlainWeights(node, graph) && graph.Constant(node.Inputs[1])!.Shape.Rank == 4
            ? QuantizationRule.ComputesInInt8
            : QuantizationRule.StaysFloat;

    // In groups, an output channel is a place along two axes, and DequantizeLinear has scales along one.
    public override int? OutputChannelAxis(Node node) => node.Attributes.Int("group", 1) == 1 ? 1 : null;

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output)
    {
        // Each input element meets the whole kernel, and there are as many of them for an output as the strides are apart.
        long products = weights.ElementCount / Math.Max(1, weights[1]) / Math.Max(1, node.Attributes.Int("group", 1)), strides = 1;
        foreach (long stride in node.Attributes.Ints("strides") ?? []) strides *= Math.Max(1, stride);
        return (long)(output.ElementCount * (double)products / strides);
    }
}

using System.Runtime.Intrinsics;
using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>Two-dimensional convolution. x [N][C][H][W], w [M][C/group][kH][kW], b [M] or left out → [N][M][H'][W'].</summary>
internal sealed class Conv : Operator
{
    private const int MaxRun = 256;

    public override string OpType => OpTypes.Conv;

    public override OperatorTraits Traits { get; } = new()
    {
        Inputs = [InputRole.Data, InputRole.Weight, InputRole.Bias],
        HasInt8Form = true,
        RoundsToReaders = true,
        ReadsChannelsInnermost = true,
    };

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(1, 2, 3, Text("auto_pad"), Ints("dilations"), Int("group"), Ints("kernel_shape"), Ints("pads"), Ints("strides"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Float(node, 0), w = inputs.Float(node, 1);
        if (w.Shape.Rank != 4) throw OperatorRules.Bad(node, $"its weights have shape {w.Shape}; only two-dimensional convolutions are supported");
        var window = Window.Of(node, x.Shape, w.Shape[2], w.Shape[3]);
        long groups = node.Attributes.Int("group", 1);
        if (groups < 1 || w.Shape[0] % groups != 0 || x.Shape[1] != w.Shape[1] * groups)
            throw OperatorRules.Bad(node, $"{x.Shape[1]} input channels do not fit weights {w.Shape} in {groups} groups");
        if (inputs.Optional(2) is not null && inputs.Float(node, 2) is var b && b.Shape != new Shape(w.Shape[0]))
            throw OperatorRules.Bad(node, $"its bias has shape {b.Shape}; {w.Shape[0]} values are expected");
        return [new(ElementType.Float32, OperatorRules.ShapeOf(node, x.Shape[0], w.Shape[0], window.OutputHeight, window.OutputWidth))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (xs, ws, ys) = (inputs[0].Shape, inputs[1].Shape, outputs[0].Shape);
        var window = Window.Of(node, xs, ws[2], ws[3]);
        ReadOnlySpan<float> x = inputs[0].As<float>(), w = inputs[1].As<float>();
        ReadOnlySpan<float> bias = inputs.Length > 2 && inputs[2].IsPresent ? inputs[2].As<float>() : default;
        var y = outputs[0].As<float>();
        int channels = ws[1], groupOutputs = ws[0] / (int)node.Attributes.Int("group", 1), width = ys[3], plane = ys[2] * ys[3];
        // Sums in double, rounded once: the reference is more exact than any kernel. A run of a row at a time, each element's terms in one order.
        Span<double> room = stackalloc double[MaxRun];
        for (int i = 0; i < y.Length;)
        {
            int ox = i % width, oy = i % plane / width, m = i / plane % ys[1], n = i / plane / ys[1];
            var sums = room[..Math.Min(MaxRun, width - ox)];
            sums.Fill(bias.IsEmpty ? 0 : bias[m]);
            for (int c = 0; c < channels; c++)
            {
                int first = (n * xs[1] + m / groupOutputs * channels + c) * xs[2];
                for (int ky = 0; ky < ws[2]; ky++)
                {
                    int iy = oy * window.StrideHeight - window.PadTop + ky * window.DilationHeight;
                    if ((uint)iy >= (uint)xs[2]) continue;
                    var row = x.Slice((first + iy) * xs[3], xs[3]);
                    var taps = w.Slice(((m * channels + c) * ws[2] + ky) * ws[3], ws[3]);
                    for (int kx = 0; kx < taps.Length; kx++)
                        AddTap(sums, row, ox * window.StrideWidth + kx * window.DilationWidth - window.PadLeft, window.StrideWidth, taps[kx]);
                }
            }

            foreach (double sum in sums) y[i++] = (float)sum;
        }
    }

    /// <summary>sums[o] += row[o · stride + shift] · weight, for what lies inside the row.</summary>
    private static void AddTap(Span<double> sums, ReadOnlySpan<float> row, int shift, int stride, double weight)
    {
        int first = shift >= 0 ? 0 : (stride - 1 - shift) / stride;
        int end = row.Length <= shift ? 0 : Math.Min(sums.Length, (row.Length - 1 - shift) / stride + 1);
        if (first >= end) return;
        sums = sums[first..end];
        row = row[(first * stride + shift)..];
        int o = 0;
        if (stride == 1)
        {
            for (; o <= sums.Length - Vector256<float>.Count; o += Vector256<float>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(in row[o]));
                ref double sum = ref sums[o];
                (Vector256.LoadUnsafe(in sum) + low * weight).StoreUnsafe(ref sum);
                (Vector256.LoadUnsafe(in sum, (nuint)Vector256<double>.Count) + high * weight).StoreUnsafe(ref sum, (nuint)Vector256<double>.Count);
            }
        }

        for (; o < sums.Length; o++) sums[o] += row[o * stride] * weight;
    }

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        HasPlainWeights(node, graph) ? QuantizationRule.ComputesInInt8 : QuantizationRule.StaysFloat;

    public override int? OutputChannelAxis(Node node) => 0;

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)(weights.ElementCount / Math.Max(1, weights[0]));
}

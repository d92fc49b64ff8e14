using System.Runtime.Intrinsics;
using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>Convolution. x [N][C][spatial axes], w [M][C/group][kernel], b [M] or left out → [N][M][places along each axis].</summary>
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
        var x = inputs.AnyFloat(node, 0);
        var shape = ConvRules.Output(node, x.Shape, inputs.OfType(node, 1, x.Type).Shape);
        if (inputs.Optional(2) is not null) inputs.OfTypeAndShape(node, 2, x.Type, shape[1]);
        return [new(x.Type, shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, w, y) = (inputs[0], inputs[1], outputs[0]);
        var axes = WindowAxis.Resolve(node, x.Shape, w.Shape.Dimensions[2..], stackalloc WindowAxis[WindowAxis.Most]);
        var bias = inputs.Length > 2 ? inputs[2] : default;
        // A run of a row at a time, each element's terms in one order: along the last axis here, along all others by the window over rows.
        var rows = new WindowPlane(axes[..^1], x.Shape.Dimensions[2..^1]);
        var row = axes[^1];
        int channels = w.Shape[1], outputsOfGroup = w.Shape[0] / (int)node.Attributes.Int("group", 1), taps = rows.Taps;
        int count = y.Shape.ElementCount, width = row.Output, plane = rows.Outputs * width, size = rows.Inputs, length = x.Shape[^1];
        // Sums in double, rounded once: the reference is more exact than any kernel.
        Span<double> room = stackalloc double[MaxRun];
        for (int i = 0; i < count;)
        {
            int ox = i % width, m = i / plane % y.Shape[1], n = i / plane / y.Shape[1];
            var sums = room[..Math.Min(MaxRun, width - ox)];
            sums.Fill(bias.IsPresent ? bias.Number(m) : 0);
            for (int c = 0; c < channels; c++)
            {
                int first = (n * x.Shape[1] + m / outputsOfGroup * channels + c) * size, weights = (m * channels + c) * taps * row.Kernel;
                for (int tap = 0; tap < taps; tap++)
                {
                    if (rows.InputOf(i % plane / width, tap) is not (>= 0 and var line)) continue;
                    for (int k = 0; k < row.Kernel; k++)
                        AddTap(sums, x, (first + line) * length, ox * row.Stride + k * row.Dilation - row.Before, row.Stride,
                            w.Number(weights + tap * row.Kernel + k));
                }
            }

            foreach (double sum in sums) y.Set(i++, sum);
        }
    }

    /// <summary>sums[o] += x[first + o · stride + shift] · weight, for what lies inside the row.</summary>
    private static void AddTap(Span<double> sums, in TensorView x, int first, int shift, int stride, double weight)
    {
        int length = x.Shape[^1], start = shift >= 0 ? 0 : (stride - 1 - shift) / stride;
        int end = length <= shift ? 0 : Math.Min(sums.Length, (length - 1 - shift) / stride + 1);
        if (start >= end) return;
        sums = sums[start..end];
        first += start * stride + shift;
        if (x.Type != ElementType.Float32)
        {
            for (int i = 0; i < sums.Length; i++) sums[i] += x.Number(first + i * stride) * weight;
            return;
        }

        ReadOnlySpan<float> row = x.As<float>()[first..];
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
        HasPlainWeights(node, graph) && graph.Constant(node.Inputs[1])!.Shape.Rank is not (3 or > 4)
            ? QuantizationRule.ComputesInInt8
            : QuantizationRule.StaysFloat;

    public override int? OutputChannelAxis(Node node) => 0;

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)(weights.ElementCount / Math.Max(1, weights[0]));
}

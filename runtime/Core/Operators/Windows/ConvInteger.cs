using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>
/// Convolution of 8-bit integers less their zero points, to 32 bits; padding is zero. The weights' zero point may be one for each output.
/// </summary>
internal sealed class ConvInteger : Operator
{
    public override string OpType => "ConvInteger";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Weight, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(10, 2, 4, Text("auto_pad"), Ints("dilations"), Int("group"), Ints("kernel_shape"), Ints("pads"), Ints("strides"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType x = inputs.Bytes(node, 0), w = inputs.Bytes(node, 1);
        var shape = ConvRules.Output(node, x.Shape, w.Shape);
        for (int i = 2; i < 4; i++)
            if (inputs.Optional(i) is { } zero
                && (zero.Type != inputs[i - 2]!.Type || (zero.Shape.ElementCount != 1 && (i == 2 || zero.Shape != new Shape(w.Shape[0])))))
                throw OperatorRules.Bad(node, $"its zero point {zero.Type}[{zero.Shape}] does not fit input {i - 2}");
        return [new(ElementType.Int32, shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, w, y) = (inputs[0], inputs[1], outputs[0]);
        var plane = new WindowPlane(
            WindowAxis.Resolve(node, x.Shape, w.Shape.Dimensions[2..], stackalloc WindowAxis[WindowAxis.Most]), x.Shape.Dimensions[2..]);
        int channels = w.Shape[1], outputsOfGroup = w.Shape[0] / (int)node.Attributes.Int("group", 1);
        int count = y.Shape.ElementCount, places = plane.Outputs, taps = plane.Taps, size = plane.Inputs;
        long xZero = Zero(inputs, 2, 0);
        for (int i = 0; i < count; i++)
        {
            int m = i / places % y.Shape[1], n = i / places / y.Shape[1];
            long sum = 0, wZero = Zero(inputs, 3, m);
            for (int c = 0; c < channels; c++)
            {
                int first = (n * x.Shape[1] + m / outputsOfGroup * channels + c) * size, weights = (m * channels + c) * taps;
                for (int tap = 0; tap < taps; tap++)
                    if (plane.InputOf(i % places, tap) is >= 0 and var input)
                        sum += (x.Integer(first + input) - xZero) * (w.Integer(weights + tap) - wZero);
            }

            y.Set(i, sum);
        }
    }

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)(weights.ElementCount / Math.Max(1, weights[0]));

    private static long Zero(ReadOnlySpan<TensorView> inputs, int index, int output) =>
        index >= inputs.Length || !inputs[index].IsPresent ? 0 : inputs[index].Integer(inputs[index].Shape.ElementCount == 1 ? 0 : output);
}

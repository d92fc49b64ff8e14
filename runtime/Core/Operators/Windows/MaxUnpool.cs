using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Windows;

/// <summary>
/// MaxPool undone: each value goes to where its index says, zeros elsewhere. Indices count in the shape that the window gives; a larger
/// output_shape has zeros behind it along each axis.
/// </summary>
internal sealed class MaxUnpool : Operator
{
    public override string OpType => "MaxUnpool";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(9, 2, 3, Ints("kernel_shape").Required(), Ints("pads"), Ints("strides"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs) => Infer(node, inputs, []);

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs, ReadOnlySpan<OutputType?> declared)
    {
        var x = inputs.AnyFloat(node, 0);
        inputs.OfTypeAndShape(node, 1, ElementType.Int64, x.Shape.Dimensions);
        int[] shape = [.. x.Shape.Dimensions];
        int axes = WindowAxis.CountOf(node, x.Shape);
        for (int d = 0; d < axes; d++) shape[d + 2] = Unpooled(node, x.Shape, d);
        var plain = OperatorRules.ShapeOf(node, shape);
        if (inputs.Optional(2) is not { } asked) return [new(x.Type, plain)];
        inputs.OfTypeAndShape(node, 2, ElementType.Int64, x.Shape.Rank);
        if (asked.Constant is { } given) shape = [.. given.ToInt64s().Select(size => (int)Math.Clamp(size, -1, int.MaxValue))];
        else if (declared is [{ } output, ..]) shape = [.. output.Shape.Dimensions];
        else throw OperatorRules.Bad(node, "input 2 must be a constant, or the file must declare the shape of the output");
        bool fits = shape.Length == plain.Rank && shape.AsSpan(0, 2).SequenceEqual(plain.Dimensions[..2]);
        for (int d = 0; fits && d < shape.Length; d++) fits = shape[d] >= plain[d];
        if (!fits) throw OperatorRules.Bad(node, $"an output of shape {string.Join('x', shape)} does not hold one of {plain}");
        return [new(x.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (x, y) = (inputs[0], outputs[0]);
        var indices = inputs[1].As<long>();
        if (inputs.Length > 2 && inputs[2].IsPresent) Check(node, inputs[2].As<long>(), y.Shape);
        Span<int> plain = stackalloc int[WindowAxis.Most + 2];
        plain = plain[..x.Shape.Rank];
        x.Shape.Dimensions.CopyTo(plain);
        long count = (long)plain[0] * plain[1];
        for (int d = 2; d < plain.Length; d++) count *= plain[d] = Unpooled(node, x.Shape, d - 2);
        y.Bytes.Clear();
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= count)
                throw OperatorRules.Bad(node, $"index {indices[i]} lies outside the {count} elements of its output");
            y.Set(Place((int)indices[i], plain, y.Shape), x.Number(i));
        }
    }

    private static void Check(Node node, ReadOnlySpan<long> asked, Shape shape)
    {
        for (int d = 0; d < asked.Length; d++)
            if (asked[d] != shape[d])
                throw OperatorRules.Bad(node, $"output_shape asks for {asked[d]} along axis {d}, but the output was planned as {shape}");
    }

    private static int Place(int index, ReadOnlySpan<int> plain, Shape shape)
    {
        int place = 0, step = 1;
        for (int d = plain.Length - 1; d >= 0; d--)
        {
            place += index % plain[d] * step;
            index /= plain[d];
            step *= shape[d];
        }

        return place;
    }

    private static int Unpooled(Node node, Shape x, int axis)
    {
        int axes = x.Rank - 2;
        var pads = WindowAxis.List(node, "pads", axes * 2, 0);
        int stride = WindowAxis.At(WindowAxis.List(node, "strides", axes, 1), axis);
        long padding = pads.IsEmpty ? 0 : pads[axis] + pads[axis + axes];
        long size = (x[axis + 2] - 1L) * stride - padding + WindowAxis.KernelOf(node, [], axis, axes);
        return size is >= 0 and <= int.MaxValue ? (int)size
            : throw OperatorRules.Bad(node, $"its output would have {size} elements along axis {axis + 2}");
    }
}

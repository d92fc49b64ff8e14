using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>A box cut out with steps: Python's slicing rules, negative steps included.</summary>
internal sealed class Slice : ShapedByValues
{
    public override string OpType => OpTypes.Slice;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Ints("axes"), Ints("ends").Required(), Ints("starts").Required()),
        new(10, 3, 5),
    ];

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs) => inputs.Required(node, 0).Type;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        Span<(int Start, int Step, int Count)> ranges = stackalloc (int, int, int)[MaxRank];
        RangesOf(node, inputs, ranges);
        for (int d = 0; d < inputs[0].Shape.Rank; d++) shape[d] = ranges[d].Count;
        return inputs[0].Shape.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        Span<(int Start, int Step, int Count)> ranges = stackalloc (int, int, int)[MaxRank];
        RangesOf(node, inputs, ranges);
        var box = new StridedBox(x.Type.Size());
        long from = 0;
        for (int d = 0; d < x.Shape.Rank; d++)
        {
            int stride = RowMajor.Stride(x.Shape, d);
            from += (long)ranges[d].Start * stride;
            box.Add(ranges[d].Count, (long)ranges[d].Step * stride, RowMajor.Stride(y.Shape, d));
        }

        box.Copy(x.Bytes, from, y.Bytes, 0);
    }

    private static void RangesOf(Node node, ReadOnlySpan<TensorView> inputs, Span<(int Start, int Step, int Count)> ranges)
    {
        var x = inputs[0].Shape;
        TensorView axes = inputs.Length > 3 ? inputs[3] : default, steps = inputs.Length > 4 ? inputs[4] : default;
        int count = inputs[1].Shape.ElementCount;
        if (inputs[2].Shape.ElementCount != count || (axes.IsPresent && axes.Shape.ElementCount != count)
            || (steps.IsPresent && steps.Shape.ElementCount != count))
            throw OperatorRules.Bad(node, "starts, ends, axes and steps differ in length");
        for (int d = 0; d < x.Rank; d++) ranges[d] = (0, 1, x[d]);
        for (int i = 0; i < count; i++)
        {
            int axis = OperatorRules.Axis(node, axes.IsPresent ? axes.Integer(i) : i, x.Rank);
            ranges[axis] = RangeOf(node, x[axis], inputs[1].Integer(i), inputs[2].Integer(i), steps.IsPresent ? steps.Integer(i) : 1);
        }
    }

    /// <summary>First index, step and count of every dimension.</summary>
    /// <exception cref="EdgeException">Exit 3: lists of different length, an axis twice, or a step of 0.</exception>
    public static (int Start, int Step, int Count)[] Ranges(Node node, Shape x, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        if (ends.Length != starts.Length || (axes ?? starts).Length != starts.Length || (steps ?? starts).Length != starts.Length)
            throw OperatorRules.Bad(node, "starts, ends, axes and steps differ in length");
        var ranges = new (int Start, int Step, int Count)[x.Rank];
        for (int d = 0; d < x.Rank; d++) ranges[d] = (0, 1, x[d]);
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = OperatorRules.Axis(node, axes?[i] ?? i, x.Rank);
            ranges[axis] = RangeOf(node, x[axis], starts[i], ends[i], steps?[i] ?? 1);
        }

        return ranges;
    }

    private static (int Start, int Step, int Count) RangeOf(Node node, long size, long start, long end, long step)
    {
        if (step is 0 or < -int.MaxValue) throw OperatorRules.Bad(node, $"a step of {step}");
        step = Math.Min(step, int.MaxValue);
        if (start < 0) start += size;
        if (end < 0 && end >= -size) end += size;
        if (size == 0) return (0, 1, 0);
        // Backwards, a start before the first element is the first element, where Python would take nothing.
        start = step > 0 ? Math.Clamp(start, 0, size) : Math.Clamp(start, 0, size - 1);
        end = step > 0 ? Math.Clamp(end, 0, size) : Math.Clamp(end, -1, size - 1);
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return count <= 0 ? (0, 1, 0) : ((int)start, (int)step, (int)count);
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>A box cut out with steps; starts, ends, axes and steps are constants. Python's slicing rules, negative steps included.</summary>
internal sealed class Slice : Operator
{
    public override string OpType => OpTypes.Slice;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    private const int MaxRank = 8;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Ints("axes"), Ints("ends").Required(), Ints("starts").Required()),
        new(10, 3, 5),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (x.Shape.Rank > MaxRank) throw OperatorRules.Bad(node, $"rank {x.Shape.Rank} exceeds {MaxRank}");
        var ranges = Ranges(node, x.Shape, inputs.ConstantInts(node, 1), inputs.ConstantInts(node, 2),
            inputs.Optional(3) is null ? null : inputs.ConstantInts(node, 3), inputs.Optional(4) is null ? null : inputs.ConstantInts(node, 4));
        return [new(x.Type, OperatorRules.ShapeOf(node, [.. ranges.Select(r => r.Count)]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int rank = x.Shape.Rank, size = x.Type.Size(), offset = 0;
        Span<(int Start, int Step, int Count)> ranges = stackalloc (int, int, int)[MaxRank];
        for (int d = 0; d < rank; d++) ranges[d] = (0, 1, x.Shape[d]);
        TensorView axes = inputs.Length > 3 ? inputs[3] : default, steps = inputs.Length > 4 ? inputs[4] : default;
        for (int i = 0; i < inputs[1].Shape.ElementCount; i++)
        {
            int axis = OperatorRules.Axis(node, axes.IsPresent ? axes.Integer(i) : i, rank);
            ranges[axis] = RangeOf(node, x.Shape[axis], inputs[1].Integer(i), inputs[2].Integer(i), steps.IsPresent ? steps.Integer(i) : 1);
        }

        Span<int> strides = stackalloc int[MaxRank], index = stackalloc int[MaxRank];
        index.Clear();
        for (int d = rank - 1, stride = size; d >= 0; stride *= x.Shape[d--])
        {
            strides[d] = stride * ranges[d].Step;
            offset += stride * ranges[d].Start;
        }

        ReadOnlySpan<byte> source = x.Bytes;
        var target = y.Bytes;
        for (int done = 0; done < target.Length; done += size)
        {
            source.Slice(offset, size).CopyTo(target[done..]);
            for (int d = rank - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++index[d] < y.Shape[d]) break;
                offset -= strides[d] * index[d];
                index[d] = 0;
            }
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
        start = step > 0 ? Math.Clamp(start, 0, size) : Math.Clamp(start, -1, size - 1);
        end = step > 0 ? Math.Clamp(end, 0, size) : Math.Clamp(end, -1, size - 1);
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return count <= 0 ? (0, 1, 0) : ((int)start, (int)step, (int)count);
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;
}

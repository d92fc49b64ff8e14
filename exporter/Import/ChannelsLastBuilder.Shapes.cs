using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>Layers that move elements.</summary>
internal sealed partial class ChannelsLastBuilder
{
    private const int MaxPad = 65535;

    /// <summary>The same elements, in the framework's order, under another shape.</summary>
    public ChannelsLastValue Reshape(string name, ChannelsLastValue x, Shape shape)
    {
        if (shape.ElementCount != x.Shape.ElementCount) throw Fail(name, $"reshapes {x.Shape} to {shape}, which has another number of elements");
        if (shape == x.Shape) return x;
        string flat = x.Name;
        if (!x.IsOrderFree) flat = Node(OpTypes.Transpose, $"{name}_channels_last", x.Shape, [flat], ("perm", LongsOf(ToGraphAxis))).Name;
        var result = new ChannelsLastValue("", shape);
        var between = result.IsOrderFree ? InGraph(result) : shape;
        var reshaped = Node(
            OpTypes.Reshape, name, shape,
            [flat, Constant($"{name}.shape", Tensor.Vector<long>([.. between.Dimensions.ToArray().Select(static d => (long)d)]))]);
        return result.IsOrderFree ? reshaped
            : Node(OpTypes.Transpose, $"{name}_channels_first", shape, [reshaped.Name], ("perm", LongsOf(FromGraphAxis)));
    }

    /// <summary>[N][H · W · C] or [N][K].</summary>
    public ChannelsLastValue Flatten(string name, ChannelsLastValue x)
    {
        int batch = x.Shape.Rank > 0 ? x.Shape[0] : 1;
        return Reshape(name, x, ShapeOf(name, batch, x.Shape.ElementCount / Math.Max(1, batch)));
    }

    /// <summary>Zeros, or another number, around a value.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">Any rank.</param>
    /// <param name="before">Elements before, one count per axis of the framework's shape.</param>
    /// <param name="after">Elements after.</param>
    /// <param name="value">What is filled in.</param>
    /// <param name="mode">ONNX's: <c>constant</c>, or <c>reflect</c>, which fills in what is inside.</param>
    public ChannelsLastValue Pad(
        string name, ChannelsLastValue x, ReadOnlySpan<long> before, ReadOnlySpan<long> after, float value, string mode = "constant")
    {
        int rank = x.Shape.Rank;
        if (before.Length != rank || after.Length != rank) throw Fail(name, $"pads {before.Length} axes of a value of shape {x.Shape}");
        int[] shape = new int[rank];
        long[] pads = new long[2 * rank];
        for (int d = 0; d < rank; d++)
        {
            if (before[d] is < 0 or > MaxPad || after[d] is < 0 or > MaxPad)
                throw Fail(name, $"pads axis {d} by {before[d]} and {after[d]}; 0 to {MaxPad} are supported");
            shape[d] = (int)(x.Shape[d] + before[d] + after[d]);
            int axis = GraphAxis(x, d);
            (pads[axis], pads[rank + axis]) = (before[d], after[d]);
        }

        string padding = Constant($"{name}.pads", Tensor.Vector<long>(pads));
        return mode == "constant"
            ? Node(OpTypes.Pad, name, ShapeOf(name, shape), [x.Name, padding, Constant($"{name}.value", Tensor.Scalar(value))])
            : Node(OpTypes.Pad, name, ShapeOf(name, shape), [x.Name, padding], ("mode", mode));
    }

    /// <summary>Values side by side along an axis, counted from either end.</summary>
    public ChannelsLastValue Concat(string name, IReadOnlyList<ChannelsLastValue> values, int axis)
    {
        if (values.Count == 0) throw Fail(name, "joins nothing");
        var first = values[0].Shape;
        if (axis < -first.Rank || axis >= first.Rank) throw Fail(name, $"joins along axis {axis} of values of shape {first}");
        int at = axis < 0 ? axis + first.Rank : axis;
        int[] shape = first.Dimensions.ToArray();
        long length = 0;
        foreach (var value in values)
        {
            for (int d = 0; d < first.Rank; d++)
            {
                if (value.Shape.Rank != first.Rank || (d != at && value.Shape[d] != first[d]))
                    throw Fail(name, $"joins values of shape {first} and {value.Shape} along axis {axis}");
            }

            length += value.Shape[at];
        }

        shape[at] = (int)Math.Min(length, int.MaxValue);
        return Node(OpTypes.Concat, name, ShapeOf(name, shape), values.Select(static v => v.Name), ("axis", (long)GraphAxis(values[0], at)));
    }

    /// <summary>Axes in another order: axis i of the result is axis <paramref name="axes"/>[i] of x, both in the framework's order.</summary>
    public ChannelsLastValue Transpose(string name, ChannelsLastValue x, long[] axes)
    {
        int rank = x.Shape.Rank;
        if (!axes.Order().SequenceEqual(Enumerable.Range(0, rank).Select(static i => (long)i)))
            throw Fail(name, $"orders the axes of a value of shape {x.Shape} as {string.Join(',', axes)}");
        long[] perm = x.IsPicture ? [.. FromGraphAxis.Select(to => (long)ToGraphAxis[axes[to]])] : axes;
        return Node(OpTypes.Transpose, name, ShapeOf(name, [.. axes.Select(axis => x.Shape[(int)axis])]), [x.Name], ("perm", perm));
    }

    /// <summary>A box cut out.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">Any rank.</param>
    /// <param name="ranges">First element, step and count of every axis, in the framework's order; within the value.</param>
    public ChannelsLastValue Slice(string name, ChannelsLastValue x, IReadOnlyList<(int Start, int Step, int Count)> ranges)
    {
        var cut = ranges.Select((range, d) => (Range: range, Axis: d)).Where(r => r.Range != (0, 1, x.Shape[r.Axis])).ToList();
        if (cut.Count == 0) return x;
        string List(string what, Func<((int Start, int Step, int Count) Range, int Axis), long> of) =>
            Constant($"{name}.{what}", Tensor.Vector<long>([.. cut.Select(of)]));
        return Node(OpTypes.Slice, name, ShapeOf(name, [.. ranges.Select(static r => r.Count)]),
        [
            x.Name, List("starts", static r => r.Range.Start), List("ends", r => EndOf(r.Range)),
            List("axes", r => GraphAxis(x, r.Axis)), List("steps", static r => r.Range.Step),
        ]);
    }

    // ONNX counts a negative end from the back, so an end before element 0 is written as "far before".
    private static long EndOf((int Start, int Step, int Count) range) =>
        (range.Start + (long)range.Step * range.Count) is >= 0 and var end ? end : -1L - int.MaxValue;

    private static int GraphAxis(ChannelsLastValue x, int axis) => x.IsPicture ? ToGraphAxis[axis] : axis;

    private static long[] LongsOf(int[] axes) => [.. axes.Select(static a => (long)a)];
}

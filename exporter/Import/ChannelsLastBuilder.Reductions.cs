using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import;

/// <summary>Reductions, and parts taken or repeated along axes.</summary>
internal sealed partial class ChannelsLastBuilder
{
    /// <summary>A reduction over axes of the framework's order.</summary>
    /// <param name="opType">ONNX's name of it.</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">Any rank.</param>
    /// <param name="axes">From 0 to rank − 1, each once.</param>
    /// <param name="keepsAxes">Whether they stay, with one element.</param>
    public ChannelsLastValue Reduce(string opType, string name, ChannelsLastValue x, IReadOnlyList<int> axes, bool keepsAxes)
    {
        int[] kept = x.Shape.Dimensions.ToArray();
        foreach (int axis in axes) kept[axis] = 1;
        long[] places = [.. axes.Select(axis => (long)GraphAxis(x, axis)).Order()];
        // ReduceSum alone has its axes in an input in operator set 17.
        var reduced = opType == OpTypes.ReduceSum
            ? Node(opType, name, new Shape(kept), [x.Name, Constant($"{name}.axes", Tensor.Vector<long>(places))])
            : Node(opType, name, new Shape(kept), [x.Name], ("axes", places));
        return keepsAxes ? reduced
            : Reshape($"{name}_without_axes", reduced, new Shape([.. kept.Where((_, axis) => !axes.Contains(axis))]));
    }

    /// <summary>Int64 indices of the largest along an axis of the framework's order, which goes; the first of equals.</summary>
    public ChannelsLastValue ArgMax(string name, ChannelsLastValue x, int axis)
    {
        int[] kept = x.Shape.Dimensions.ToArray();
        kept[axis] = 1;
        var index = Node(OpTypes.ArgMax, name, new Shape(kept), [x.Name], ("axis", (long)GraphAxis(x, axis)), ("keepdims", 1L));
        return Reshape($"{name}_without_axis", index, new Shape([.. kept.Where((_, d) => d != axis)]));
    }

    /// <summary>Slices along an axis, by constant indices.</summary>
    public ChannelsLastValue Gather(string name, ChannelsLastValue x, int axis, long[] indices)
    {
        int[] shape = x.Shape.Dimensions.ToArray();
        shape[axis] = indices.Length;
        return Node(OpTypes.Gather, name, ShapeOf(name, shape), [x.Name, Constant($"{name}.indices", Tensor.Vector<long>(indices))],
            ("axis", (long)GraphAxis(x, axis)));
    }

    /// <summary>Copies of a value side by side.</summary>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">Any rank.</param>
    /// <param name="times">For each axis of the framework's order, at least 1.</param>
    public ChannelsLastValue Tile(string name, ChannelsLastValue x, long[] times)
    {
        long[] repeats = new long[times.Length];
        int[] shape = new int[times.Length];
        for (int d = 0; d < times.Length; d++)
        {
            if (times[d] * x.Shape[d] > Shape.MaxElements) throw Fail(name, $"repeats {x.Shape} by {string.Join(',', times)}");
            shape[d] = (int)(times[d] * x.Shape[d]);
            repeats[GraphAxis(x, d)] = times[d];
        }

        return Node(OpTypes.Tile, name, ShapeOf(name, shape), [x.Name, Constant($"{name}.repeats", Tensor.Vector<long>(repeats))]);
    }
}

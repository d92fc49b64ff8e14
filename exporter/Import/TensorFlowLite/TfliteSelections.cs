using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Operators that take parts of a value.</summary>
internal static class TfliteSelections
{
    /// <summary>SPLIT: equal parts; the axis is the first input.</summary>
    public static void Split(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 1);
        int axis = Axis(converter, op, converter.Input(op, 0), x.Shape.Rank), parts = op.Outputs.Length;
        if (parts == 0 || x.Shape[axis] % parts != 0) throw converter.Fail(op, $"splits axis {axis} of shape {x.Shape} into {parts} parts");
        Cut(converter, op, x, axis, [.. Enumerable.Repeat(x.Shape[axis] / parts, parts)]);
    }

    /// <summary>SPLIT_V: parts of given sizes.</summary>
    public static void SplitV(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        long[] sizes = converter.Integers(op, converter.Input(op, 1));
        int axis = Axis(converter, op, converter.Input(op, 2), x.Shape.Rank), open = Array.IndexOf(sizes, -1L);
        if (open >= 0) sizes[open] = x.Shape[axis] - (sizes.Sum() + 1);
        if (sizes.Length != op.Outputs.Length || sizes.Any(size => size < 1) || sizes.Sum() != x.Shape[axis])
            throw converter.Fail(op, $"splits axis {axis} of shape {x.Shape} into parts of {string.Join(',', sizes)}");
        Cut(converter, op, x, axis, [.. sizes.Select(static size => (int)size)]);
    }

    /// <summary>UNPACK: one part for each index of an axis, which goes.</summary>
    public static void Unpack(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        int rank = x.Shape.Rank, axis = op.Options?.Int32(1) ?? 0;
        if (axis < 0) axis += rank;
        if (axis < 0 || axis >= rank || x.Shape[axis] != op.Outputs.Length)
            throw converter.Fail(op, $"takes {op.Outputs.Length} parts of axis {axis} of shape {x.Shape}");
        Cut(converter, op, x, axis, [.. Enumerable.Repeat(1, op.Outputs.Length)]);
    }

    /// <summary>SLICE: a box of constant begin and size.</summary>
    public static void Slice(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        long[] begin = converter.Integers(op, converter.Input(op, 1)), size = converter.Integers(op, converter.Input(op, 2));
        if (begin.Length != x.Shape.Rank || size.Length != x.Shape.Rank)
            throw converter.Fail(op, $"has {begin.Length} ranges for an input of shape {x.Shape}");
        var ranges = new (int Start, int Step, int Count)[begin.Length];
        for (int d = 0; d < ranges.Length; d++)
        {
            long count = size[d] == -1 ? x.Shape[d] - begin[d] : size[d];
            if (begin[d] < 0 || count < 1 || count > x.Shape[d] - begin[d])
                throw converter.Fail(op, $"takes {size[d]} elements from {begin[d]} on of axis {d} of shape {x.Shape}");
            ranges[d] = ((int)begin[d], 1, (int)count);
        }

        converter.Store(op, converter.Builder.Slice(converter.Output(op).LayerName, converter.Load(op, x), ranges));
    }

    /// <summary>GATHER by constant indices along one axis.</summary>
    public static void Gather(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        long[] indices = converter.Integers(op, converter.Input(op, 1));
        int axis = op.Options?.Int32(0) ?? 0, rank = x.Shape.Rank;
        if ((op.Options?.Int32(1) ?? 0) != 0) throw converter.Fail(op, "gathers for each batch, which is not supported");
        if (axis < 0) axis += rank;
        if (axis < 0 || axis >= rank || Array.Exists(indices, i => i < 0 || i >= x.Shape[axis]))
            throw converter.Fail(op, $"gathers along axis {axis} of shape {x.Shape} what is not there");
        string name = converter.Output(op).LayerName;
        var taken = converter.Builder.Gather(name, converter.Load(op, x), axis, indices);
        converter.Store(op, converter.Builder.Reshape($"{name}_shaped", taken, converter.Output(op).Shape));
    }

    /// <summary>TILE: copies side by side.</summary>
    public static void Tile(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        long[] times = converter.Integers(op, converter.Input(op, 1));
        if (times.Length != x.Shape.Rank || times.Any(static n => n < 1))
            throw converter.Fail(op, $"repeats an input of shape {x.Shape} by {string.Join(',', times)}");
        converter.Store(op, converter.Builder.Tile(converter.Output(op).LayerName, converter.Load(op, x), times));
    }

    private static void Cut(TfliteConverter converter, TfliteOperator op, TfliteTensor x, int axis, int[] sizes)
    {
        var value = converter.Load(op, x);
        int start = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            var ranges = x.Shape.Dimensions.ToArray().Select(static d => (Start: 0, Step: 1, Count: d)).ToArray();
            ranges[axis] = (start, 1, sizes[i]);
            start += sizes[i];
            var output = converter.OutputAt(op, i);
            var part = converter.Builder.Slice(output.LayerName, value, ranges);
            converter.Store(op, output, converter.Builder.Reshape($"{output.LayerName}_shaped", part, output.Shape));
        }
    }

    private static int Axis(TfliteConverter converter, TfliteOperator op, TfliteTensor tensor, int rank) =>
        converter.Integers(op, tensor) is [var axis] && axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw converter.Fail(op, $"has no axis of a value of rank {rank} in {tensor}");
}

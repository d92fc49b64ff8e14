using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Operators that move elements.</summary>
internal static class TfliteShapes
{
    /// <summary>RESHAPE, SQUEEZE and EXPAND_DIMS: to the shape that the file declares for the output.</summary>
    public static void Reshape(TfliteConverter converter, TfliteOperator op)
    {
        var output = converter.Output(op);
        if (IsShape(output)) return;
        converter.Store(op, converter.Builder.Reshape(output.LayerName, converter.Load(op, converter.Input(op, 0)), output.Shape));
    }

    /// <summary>Integers that only say to which shape something is reshaped; the file declares that shape itself, so nothing is computed.</summary>
    public static void ShapeArithmetic(TfliteConverter converter, TfliteOperator op)
    {
        if (!IsShape(converter.Output(op)))
            throw converter.Fail(op, $"produces {converter.Output(op)} of type {converter.Output(op).Type}; only shapes are supported there");
    }

    /// <summary>PAD and PADV2.</summary>
    public static void Pad(TfliteConverter converter, TfliteOperator op) =>
        Pad(converter, op, converter.Optional(op, 2) is { } fill ? Number(converter, op, fill) : 0, "constant");

    /// <summary>MIRROR_PAD: the value reflected at its edges, which are not repeated.</summary>
    public static void MirrorPad(TfliteConverter converter, TfliteOperator op)
    {
        if ((op.Options?.Byte(0) ?? 0) != 0) throw converter.Fail(op, "repeats the edge when it reflects (SYMMETRIC), which is not supported");
        Pad(converter, op, 0, "reflect");
    }

    /// <summary>Values side by side.</summary>
    public static void Concatenation(TfliteConverter converter, TfliteOperator op)
    {
        string name = converter.Output(op).LayerName;
        var values = op.Inputs.Select((_, i) => converter.Load(op, converter.Input(op, i))).ToList();
        var joined = converter.Builder.Concat(name, values, op.Options?.Int32(0) ?? 0);
        converter.Store(op, TfliteActivations.Fused(converter, op, op.Options?.Byte(1) ?? 0, name, joined));
    }

    /// <summary>Axes in another order.</summary>
    public static void Transpose(TfliteConverter converter, TfliteOperator op)
    {
        long[] axes = converter.Integers(op, converter.Input(op, 1));
        converter.Store(op, converter.Builder.Transpose(converter.Output(op).LayerName, converter.Load(op, converter.Input(op, 0)), axes));
    }

    /// <summary>A box cut out, as option A shortcuts do: every second row and column.</summary>
    public static void StridedSlice(TfliteConverter converter, TfliteOperator op)
    {
        var output = converter.Output(op);
        if (IsShape(output)) return;
        var x = converter.Input(op, 0);
        var options = op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
        int beginMask = options.Int32(0), endMask = options.Int32(1);
        int dropped = options.Int32(4);
        if (options.Int32(2) != 0 || options.Int32(3) != 0)
            throw converter.Fail(op, "has an ellipsis or a new axis, which is not supported");
        long[] begin = converter.Integers(op, converter.Input(op, 1)),
            end = converter.Integers(op, converter.Input(op, 2)), step = converter.Integers(op, converter.Input(op, 3));
        if (begin.Length > x.Shape.Rank || end.Length != begin.Length || step.Length != begin.Length)
            throw converter.Fail(op, $"has {begin.Length} ranges for an input of shape {x.Shape}");
        var ranges = new (int Start, int Step, int Count)[x.Shape.Rank];
        for (int d = 0; d < ranges.Length; d++)
            ranges[d] = d >= begin.Length ? (0, 1, x.Shape[d])
                : (dropped >> d & 1) != 0 ? One(converter, op, x.Shape[d], begin[d])
                : Range(converter, op, x.Shape[d], begin[d], end[d], step[d], (beginMask >> d & 1) != 0, (endMask >> d & 1) != 0);
        var box = converter.Builder.Slice(output.LayerName, converter.Load(op, x), ranges);
        converter.Store(op, dropped == 0 ? box : converter.Builder.Reshape($"{output.LayerName}_dropped", box, output.Shape));
    }

    /// <summary>PACK: values side by side along a new axis.</summary>
    public static void Pack(TfliteConverter converter, TfliteOperator op)
    {
        var output = converter.Output(op);
        if (IsShape(output)) return;
        int rank = output.Shape.Rank, axis = op.Options?.Int32(1) ?? 0;
        if (axis < 0) axis += rank;
        if (axis < 0 || axis >= rank || output.Shape[axis] != op.Inputs.Length)
            throw converter.Fail(op, $"joins {op.Inputs.Length} values along a new axis {axis} of {output} of shape {output.Shape}");
        int[] one = output.Shape.Dimensions.ToArray();
        one[axis] = 1;
        var parts = op.Inputs.Select((_, i) => converter.Builder.Reshape(
            $"{output.LayerName}_part_{i}", converter.Load(op, converter.Input(op, i)), new Shape(one))).ToList();
        converter.Store(op, converter.Builder.Concat(output.LayerName, parts, axis));
    }

    private static void Pad(TfliteConverter converter, TfliteOperator op, float value, string mode)
    {
        var x = converter.Input(op, 0);
        long[] pads = converter.Integers(op, converter.Input(op, 1));
        if (pads.Length != 2 * x.Shape.Rank) throw converter.Fail(op, $"has {pads.Length} paddings for an input of shape {x.Shape}");
        converter.Store(op, converter.Builder.Pad(
            converter.Output(op).LayerName, converter.Load(op, x), [.. pads.Where(static (_, i) => i % 2 == 0)],
            [.. pads.Where(static (_, i) => i % 2 == 1)], value, mode));
    }

    // Python's slicing; forward only, which is all that networks use.
    private static (int Start, int Step, int Count) Range(
        TfliteConverter converter, TfliteOperator op, int size, long begin, long end, long step, bool fromFirst, bool toLast)
    {
        if (step is < 1 or > int.MaxValue) throw converter.Fail(op, $"has a step of {step}; positive ones are supported");
        long first = fromFirst ? 0 : Math.Clamp(begin < 0 ? begin + size : begin, 0, size),
            last = toLast ? size : Math.Clamp(end < 0 ? end + size : end, 0, size);
        return ((int)first, (int)step, (int)Math.Max(0, (last - first + step - 1) / step));
    }

    // The axis goes, so its one element is there whatever the end says.
    private static (int Start, int Step, int Count) One(TfliteConverter converter, TfliteOperator op, int size, long begin)
    {
        long at = begin < 0 ? begin + size : begin;
        return at >= 0 && at < size ? ((int)at, 1, 1) : throw converter.Fail(op, $"takes element {begin} of an axis of {size}");
    }

    private static float Number(TfliteConverter converter, TfliteOperator op, TfliteTensor tensor) => tensor switch
    {
        { Constant: { Shape.ElementCount: 1 } value, IsQuantized: true, Quantization: { } q } =>
            (value.ToInt64s()[0] - q.ZeroPoints[0]) * q.Scales[0],
        { Constant: { Shape.ElementCount: 1, Type: ElementType.Float32 } value } => value.As<float>()[0],
        _ => throw converter.Fail(op, $"fills in {tensor}, which must be one constant number"),
    };

    private static bool IsShape(TfliteTensor tensor) => tensor.Type is ElementType.Int32 or ElementType.Int64 && tensor.Quantization is null;
}

using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>Reductions over constant axes.</summary>
internal static class TfliteReductions
{
    // TensorFlow Lite's reference kernel divides by a norm of at least this.
    private const float LeastNorm = 1e-6f;

    /// <summary>A reduction that ONNX has under the name <paramref name="opType"/>.</summary>
    public static Action<TfliteConverter, TfliteOperator> As(string opType) => (converter, op) => Reduce(converter, op, opType);

    /// <summary>Mean; over height and width of a picture it is a pooling.</summary>
    public static void Mean(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        if (x.Shape.Rank == 4 && Axes(converter, op).Order().SequenceEqual([1, 2]))
            converter.Store(
                op, converter.Builder.GlobalAveragePool(converter.Output(op).LayerName, converter.Load(op, x), op.Options?.Bool(0) ?? false));
        else Reduce(converter, op, OpTypes.ReduceMean);
    }

    /// <summary>Index of the largest along one axis.</summary>
    public static void ArgMax(TfliteConverter converter, TfliteOperator op)
    {
        var output = converter.Output(op);
        var x = converter.Load(op, converter.Input(op, 0));
        if (Axes(converter, op) is not [var axis]) throw converter.Fail(op, "looks for the largest along several axes; one is supported");
        var index = converter.Builder.ArgMax(output.LayerName, x, axis);
        if (output.Type == ElementType.Int32)
            index = converter.Builder.Node(OpTypes.Cast, $"{output.LayerName}_int32", index.Shape, [index.Name], ("to", (long)ElementType.Int32));
        converter.StoreIntegers(op, index);
    }

    /// <summary>x divided by its Euclidean norm along the last axis.</summary>
    public static void L2Normalization(TfliteConverter converter, TfliteOperator op)
    {
        var output = converter.Output(op);
        var builder = converter.Builder;
        var x = converter.Load(op, converter.Input(op, 0));
        if (x.Shape.Rank == 0) throw converter.Fail(op, "normalises a scalar, which is not supported");
        var norm = builder.Reduce(OpTypes.ReduceL2, $"{output.LayerName}_norm", x, [x.Shape.Rank - 1], keepsAxes: true);
        var least = builder.ConstantValue(
            $"{output.LayerName}_least", Tensor.From<float>(new Shape([.. Enumerable.Repeat(1, x.Shape.Rank)]), [LeastNorm]));
        norm = builder.Binary(OpTypes.Max, $"{output.LayerName}_bounded", norm, least);
        var y = builder.Binary(OpTypes.Div, output.LayerName, x, norm);
        converter.Store(op, TfliteActivations.Fused(converter, op, op.Options?.Byte(0) ?? 0, output.LayerName, y));
    }

    private static void Reduce(TfliteConverter converter, TfliteOperator op, string opType)
    {
        var x = converter.Load(op, converter.Input(op, 0));
        converter.Store(op, converter.Builder.Reduce(
            opType, converter.Output(op).LayerName, x, Axes(converter, op), op.Options?.Bool(0) ?? false));
    }

    private static int[] Axes(TfliteConverter converter, TfliteOperator op)
    {
        int rank = converter.Input(op, 0).Shape.Rank;
        long[] axes = converter.Integers(op, converter.Input(op, 1));
        return axes.All(axis => axis >= -rank && axis < rank) && axes.Length > 0
            ? [.. axes.Select(axis => (int)(axis < 0 ? axis + rank : axis)).Distinct()]
            : throw converter.Fail(op, $"has the axes {string.Join(',', axes)} of a value of rank {rank}");
    }
}

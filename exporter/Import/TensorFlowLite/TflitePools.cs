namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>TensorFlow Lite operators of maximum, average and mean pooling.</summary>
internal static class TflitePools
{
    /// <summary>Mean under a window; padding does not count.</summary>
    public static void Average(TfliteConverter converter, TfliteOperator op) => Pool(converter, op, isMax: false);

    /// <summary>The largest under a window.</summary>
    public static void Max(TfliteConverter converter, TfliteOperator op) => Pool(converter, op, isMax: true);

    /// <summary>Mean over height and width; over other axes it is refused.</summary>
    public static void Mean(TfliteConverter converter, TfliteOperator op)
    {
        var x = converter.Input(op, 0);
        long[] axes = converter.Integers(op, converter.Input(op, 1));
        if (x.Shape.Rank != 4 || !axes.Select(a => a < 0 ? a + 4 : a).Distinct().Order().SequenceEqual([1L, 2L]))
            throw converter.Fail(
                op, $"takes the mean over axes {string.Join(',', axes)} of shape {x.Shape}; height and width of a picture are supported");
        converter.Store(op, converter.Builder.GlobalAveragePool(converter.Output(op).LayerName, converter.Load(op, x), op.Options?.Bool(0) ?? false));
    }

    private static void Pool(TfliteConverter converter, TfliteOperator op, bool isMax)
    {
        var options = op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
        var window = new ChannelsLastWindow(options.Int32(4), options.Int32(3), options.Int32(2), options.Int32(1), 1, 1, options.Byte(0) == 0);
        string name = converter.Output(op).LayerName;
        var value = converter.Builder.Pool(name, converter.Load(op, converter.Input(op, 0)), window, isMax);
        converter.Store(op, TfliteActivations.Fused(converter, op, options.Byte(5), name, value));
    }
}

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>TensorFlow Lite operators of maximum and average pooling.</summary>
internal static class TflitePools
{
    /// <summary>Mean under a window; padding does not count.</summary>
    public static void Average(TfliteConverter converter, TfliteOperator op) => Pool(converter, op, isMax: false);

    /// <summary>The largest under a window.</summary>
    public static void Max(TfliteConverter converter, TfliteOperator op) => Pool(converter, op, isMax: true);

    private static void Pool(TfliteConverter converter, TfliteOperator op, bool isMax)
    {
        var options = op.Options ?? throw converter.Fail(op, "has no options; the file is damaged");
        var window = new ChannelsLastWindow(options.Int32(4), options.Int32(3), options.Int32(2), options.Int32(1), 1, 1, options.Byte(0) == 0);
        string name = converter.Output(op).LayerName;
        var value = converter.Builder.Pool(name, converter.Load(op, converter.Input(op, 0)), window, isMax);
        converter.Store(op, TfliteActivations.Fused(converter, op, options.Byte(5), name, value));
    }
}

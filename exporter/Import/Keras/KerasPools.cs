namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>Keras layers of maximum and average pooling.</summary>
internal static class KerasPools
{
    /// <summary>Mean under a window; padding does not count.</summary>
    public static ChannelsLastValue Average(KerasCall call) => Pool(call, isMax: false);

    /// <summary>The largest under a window.</summary>
    public static ChannelsLastValue Max(KerasCall call) => Pool(call, isMax: true);

    /// <summary>Mean over height and width.</summary>
    public static ChannelsLastValue GlobalAverage(KerasCall call)
    {
        if (call.Text("data_format", "channels_last") != "channels_last") throw call.Fail("has a data_format other than channels_last");
        return call.Builder.GlobalAveragePool(call.Name, call.Input, call.Bool("keepdims", false));
    }

    private static ChannelsLastValue Pool(KerasCall call, bool isMax)
    {
        int[] size = call.Ints("pool_size", 2, 2);
        return call.Builder.Pool(call.Name, call.Input, call.Window(size, strides: size), isMax);
    }
}

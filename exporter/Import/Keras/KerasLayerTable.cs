namespace ResNetEdge.Exporter.Import.Keras;

/// <summary>The layers of Keras that are read; any other is refused by its class and name.</summary>
internal static class KerasLayerTable
{
    /// <summary>In alphabetical order.</summary>
    public static readonly KerasLayerEntry[] All =
    [
        new("Activation", KerasActivations.Activation),
        new("ActivityRegularization", KerasActivations.Nothing),
        new("Add", KerasJoins.Add),
        new("AveragePooling2D", KerasPools.Average),
        new("BatchNormalization", KerasConvolutions.BatchNormalization),
        new("Bidirectional", KerasRecurrent.Bidirectional),
        new("Concatenate", KerasJoins.Concatenate),
        new("Conv2D", KerasConvolutions.Conv2D),
        new("Cropping2D", KerasShapes.Cropping2D),
        new("Dense", KerasConvolutions.Dense),
        new("DepthwiseConv2D", KerasConvolutions.DepthwiseConv2D),
        new("Dropout", KerasActivations.Nothing),
        new("Flatten", KerasShapes.Flatten),
        new("GRU", KerasRecurrent.Gru),
        new("GaussianNoise", KerasActivations.Nothing),
        new("GlobalAveragePooling2D", KerasPools.GlobalAverage),
        new("LSTM", KerasRecurrent.Lstm),
        new("MaxPooling2D", KerasPools.Max),
        new("Multiply", KerasJoins.Multiply),
        new("ReLU", KerasActivations.Relu),
        new("Rescaling", KerasActivations.Rescaling),
        new("Reshape", KerasShapes.Reshape),
        new("SeparableConv2D", KerasConvolutions.SeparableConv2D),
        new("SimpleRNN", KerasRecurrent.SimpleRnn),
        new("Softmax", KerasActivations.Softmax),
        new("SpatialDropout2D", KerasActivations.Nothing),
        new("Subtract", KerasJoins.Subtract),
        new("ZeroPadding2D", KerasShapes.ZeroPadding2D),
    ];

    private static readonly Dictionary<string, KerasLayerEntry> ByClass = All.ToDictionary(static e => e.ClassName, StringComparer.Ordinal);

    /// <summary>Who converts a layer.</summary>
    /// <exception cref="EdgeException">Exit 3: nobody.</exception>
    public static KerasLayerEntry Find(KerasModel model, KerasLayer layer) => ByClass.GetValueOrDefault(layer.ClassName)
        ?? throw model.Fail(layer, "has an unsupported class; the supported classes are "
            + $"{string.Join(", ", All.Select(static e => e.ClassName))}; or export the model to ONNX");
}

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>The operators of TensorFlow Lite that are read; any other is refused by its name and place.</summary>
internal static class TfliteOperatorTable
{
    /// <summary>In alphabetical order.</summary>
    public static readonly TfliteOperatorEntry[] All =
    [
        new("ADD", TfliteArithmetic.Add),
        new("AVERAGE_POOL_2D", TflitePools.Average),
        new("CONCATENATION", TfliteShapes.Concatenation),
        new("CONV_2D", TfliteConvolutions.Conv),
        new("DEPTHWISE_CONV_2D", TfliteConvolutions.Depthwise),
        new("DEQUANTIZE", TfliteArithmetic.Dequantize),
        new("DIV", TfliteArithmetic.Div),
        new("EXPAND_DIMS", TfliteShapes.Reshape),
        new("FULLY_CONNECTED", TfliteConvolutions.FullyConnected),
        new("HARD_SWISH", TfliteActivations.HardSwish),
        new("LOGISTIC", TfliteActivations.Logistic),
        new("MAX_POOL_2D", TflitePools.Max),
        new("MEAN", TflitePools.Mean),
        new("MUL", TfliteArithmetic.Mul),
        new("PACK", TfliteShapes.ShapeArithmetic),
        new("PAD", TfliteShapes.Pad),
        new("PADV2", TfliteShapes.Pad),
        new("QUANTIZE", TfliteArithmetic.Quantize),
        new("RELU", TfliteActivations.Relu),
        new("RELU6", TfliteActivations.Relu6),
        new("RELU_N1_TO_1", TfliteActivations.ReluN1To1),
        new("RESHAPE", TfliteShapes.Reshape),
        new("SHAPE", TfliteShapes.ShapeArithmetic),
        new("SOFTMAX", TfliteActivations.Softmax),
        new("SQUEEZE", TfliteShapes.Reshape),
        new("STRIDED_SLICE", TfliteShapes.StridedSlice),
        new("SUB", TfliteArithmetic.Sub),
        new("TRANSPOSE", TfliteShapes.Transpose),
    ];

    private static readonly Dictionary<string, TfliteOperatorEntry> ByType = All.ToDictionary(static e => e.Type, StringComparer.Ordinal);

    /// <summary>Who converts an operator.</summary>
    /// <exception cref="EdgeException">Exit 3: nobody.</exception>
    public static TfliteOperatorEntry Find(TfliteOperator op, TfliteModel model) => ByType.GetValueOrDefault(op.Type)
        ?? throw model.Fail(op, $"is not supported; the supported operators are {string.Join(", ", All.Select(static e => e.Type))}");
}

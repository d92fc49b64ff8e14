using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>The operators of TensorFlow Lite that are read; any other is refused by its name and place.</summary>
internal static class TfliteOperatorTable
{
    /// <summary>In alphabetical order.</summary>
    public static readonly TfliteOperatorEntry[] All =
    [
        new("ABS", TfliteFunctions.As(OpTypes.Abs)),
        new("ADD", TfliteArithmetic.Add),
        new("ARG_MAX", TfliteReductions.ArgMax),
        new("AVERAGE_POOL_2D", TflitePools.Average),
        new("BIDIRECTIONAL_SEQUENCE_LSTM", TfliteRecurrent.BidirectionalLstm),
        new("CEIL", TfliteFunctions.As(OpTypes.Ceil)),
        new("CONCATENATION", TfliteShapes.Concatenation),
        new("CONV_2D", TfliteConvolutions.Conv),
        new("COS", TfliteFunctions.As(OpTypes.Cos)),
        new("CUSTOM 'Convolution2DTransposeBias'", TfliteTransposedConvolution.ConvertCustom),
        new("DEPTHWISE_CONV_2D", TfliteConvolutions.Depthwise),
        new("DEPTH_TO_SPACE", TfliteResampling.DepthToSpace),
        new("DEQUANTIZE", TfliteArithmetic.Dequantize),
        new("DIV", TfliteArithmetic.Div),
        new("ELU", TfliteFunctions.As(OpTypes.Elu)),
        new("EXP", TfliteFunctions.As(OpTypes.Exp)),
        new("EXPAND_DIMS", TfliteShapes.Reshape),
        new("FLOOR", TfliteFunctions.As(OpTypes.Floor)),
        new("FULLY_CONNECTED", TfliteConvolutions.FullyConnected),
        new("GATHER", TfliteSelections.Gather),
        new("GELU", TfliteFunctions.Gelu),
        new("HARD_SWISH", TfliteActivations.HardSwish),
        new("L2_NORMALIZATION", TfliteReductions.L2Normalization),
        new("LEAKY_RELU", TfliteFunctions.LeakyRelu),
        new("LOG", TfliteFunctions.As(OpTypes.Log)),
        new("LOGISTIC", TfliteActivations.Logistic),
        new("LOG_SOFTMAX", TfliteFunctions.LogSoftmax),
        new("MAXIMUM", TfliteArithmetic.As(OpTypes.Max)),
        new("MAX_POOL_2D", TflitePools.Max),
        new("MEAN", TfliteReductions.Mean),
        new("MINIMUM", TfliteArithmetic.As(OpTypes.Min)),
        new("MIRROR_PAD", TfliteShapes.MirrorPad),
        new("MUL", TfliteArithmetic.Mul),
        new("NEG", TfliteFunctions.As(OpTypes.Neg)),
        new("PACK", TfliteShapes.Pack),
        new("PAD", TfliteShapes.Pad),
        new("PADV2", TfliteShapes.Pad),
        new("POW", TfliteArithmetic.As(OpTypes.Pow)),
        new("PRELU", TfliteFunctions.PRelu),
        new("QUANTIZE", TfliteArithmetic.Quantize),
        new("REDUCE_MAX", TfliteReductions.As(OpTypes.ReduceMax)),
        new("REDUCE_MIN", TfliteReductions.As(OpTypes.ReduceMin)),
        new("REDUCE_PROD", TfliteReductions.As(OpTypes.ReduceProd)),
        new("RELU", TfliteActivations.Relu),
        new("RELU6", TfliteActivations.Relu6),
        new("RELU_0_TO_1", TfliteFunctions.Relu0To1),
        new("RELU_N1_TO_1", TfliteActivations.ReluN1To1),
        new("RESHAPE", TfliteShapes.Reshape),
        new("RESIZE_BILINEAR", TfliteResampling.Bilinear),
        new("RESIZE_NEAREST_NEIGHBOR", TfliteResampling.NearestNeighbor),
        new("ROUND", TfliteFunctions.As(OpTypes.Round)),
        new("RSQRT", TfliteFunctions.ReciprocalSquareRoot),
        new("SHAPE", TfliteShapes.ShapeArithmetic),
        new("SIN", TfliteFunctions.As(OpTypes.Sin)),
        new("SLICE", TfliteSelections.Slice),
        new("SOFTMAX", TfliteActivations.Softmax),
        new("SPACE_TO_DEPTH", TfliteResampling.SpaceToDepth),
        new("SPLIT", TfliteSelections.Split),
        new("SPLIT_V", TfliteSelections.SplitV),
        new("SQRT", TfliteFunctions.As(OpTypes.Sqrt)),
        new("SQUARE", TfliteFunctions.Square),
        new("SQUARED_DIFFERENCE", TfliteFunctions.SquaredDifference),
        new("SQUEEZE", TfliteShapes.Reshape),
        new("STRIDED_SLICE", TfliteShapes.StridedSlice),
        new("SUB", TfliteArithmetic.Sub),
        new("SUM", TfliteReductions.As(OpTypes.ReduceSum)),
        new("TANH", TfliteFunctions.As(OpTypes.Tanh)),
        new("TILE", TfliteSelections.Tile),
        new("TRANSPOSE", TfliteShapes.Transpose),
        new("TRANSPOSE_CONV", TfliteTransposedConvolution.Convert),
        new("UNIDIRECTIONAL_SEQUENCE_LSTM", TfliteRecurrent.Lstm),
        new("UNIDIRECTIONAL_SEQUENCE_RNN", TfliteRecurrent.Rnn),
        new("UNPACK", TfliteSelections.Unpack),
    ];

    private static readonly Dictionary<string, TfliteOperatorEntry> ByType = All.ToDictionary(static e => e.Type, StringComparer.Ordinal);

    /// <summary>Who converts an operator.</summary>
    /// <exception cref="EdgeException">Exit 3: nobody.</exception>
    public static TfliteOperatorEntry Find(TfliteOperator op, TfliteModel model) => ByType.GetValueOrDefault(op.Type)
        ?? throw model.Fail(op, $"is not supported; the supported operators are {string.Join(", ", All.Select(static e => e.Type))}");
}

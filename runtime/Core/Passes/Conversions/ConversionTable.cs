using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Every operator that is, or may be, said otherwise in opset 17 than in the file. All others are the same in every operator set that is read.
/// </summary>
internal static class ConversionTable
{
    /// <summary>ONNX's own first, then ONNX Runtime's.</summary>
    public static readonly Conversion[] All =
    [
        new AttributesToInputs(OpTypes.Clip, "min", "max"),
        new AttributesToInputs(OpTypes.ReduceSum, "axes"),
        new AttributesToInputs(OpTypes.Slice, "starts", "ends", "axes"),
        new AttributesToInputs(OpTypes.Squeeze, "axes"),
        new AttributesToInputs(OpTypes.Unsqueeze, "axes"),
        new ConvertAveragePool(),
        new ConvertCast(),
        new ConvertCastLike(),
        new ConvertChain("Sum", OpTypes.Add),
        new ConvertChain(OpTypes.Max, OpTypes.Max),
        new ConvertChain(OpTypes.Min, OpTypes.Min),
        new ConvertGroupNormalization(),
        new ConvertConcat(),
        new ConvertDropout(),
        new ConvertGridSample(),
        new ConvertLpPool(OpTypes.GlobalLpPool),
        new ConvertLpPool(OpTypes.LpPool),
        new ConvertIf(),
        new ConvertLoop(),
        new ConvertMaxPool(),
        new ConvertPad(),
        new ConvertPRelu(),
        new ConvertQLinearConv(),
        new ConvertQLinearMatMul(),
        new ConvertQuantizeLinear(),
        new ConvertReduction(OpTypes.ReduceL1),
        new ConvertReduction(OpTypes.ReduceL2),
        new ConvertReduction(OpTypes.ReduceLogSum),
        new ConvertReduction(OpTypes.ReduceLogSumExp),
        new ConvertReduction(OpTypes.ReduceMax),
        new ConvertReduction(OpTypes.ReduceMean),
        new ConvertReduction(OpTypes.ReduceMin),
        new ConvertReduction(OpTypes.ReduceProd),
        new ConvertReduction(OpTypes.ReduceSumSquare),
        new ConvertReshape(),
        new ConvertResize(),
        new ConvertRoiAlign(),
        new ConvertScatter(),
        new ConvertScan(),
        new ConvertShape(),
        new ConvertSize(),
        new ConvertQuantizedView(OpTypes.Flatten),
        new ConvertQuantizedView(OpTypes.Transpose),
        new ConvertSpread(OpTypes.Add),
        new ConvertSpread(OpTypes.And),
        new ConvertSpread(OpTypes.Div),
        new ConvertSpread(OpTypes.Equal),
        new ConvertSpread(OpTypes.Greater),
        new ConvertSpread(OpTypes.Less),
        new ConvertSpread(OpTypes.Mul),
        new ConvertSpread(OpTypes.Or),
        new ConvertSpread(OpTypes.Pow),
        new ConvertSpread(OpTypes.Sub),
        new ConvertSpread(OpTypes.Xor),
        new ConvertSplit(),
        new ConvertTile(),
        new ConvertUpsample(),
        new ConvertSoftmax(OpTypes.Hardmax),
        new ConvertSoftmax(OpTypes.LogSoftmax),
        new ConvertSoftmax(OpTypes.Softmax),
        new ConvertTopK(),
        new DroppedAttributes(OpTypes.BatchNormalization, "is_test", "spatial"),
        new DroppedAttributes(OpTypes.DequantizeLinear, "block_size", "output_dtype"),
        new DroppedAttributes(OpTypes.GRU, "output_sequence"),
        new DroppedAttributes(OpTypes.Gemm, "broadcast"),
        new DroppedAttributes(OpTypes.LSTM, "output_sequence"),
        new DroppedAttributes(OpTypes.RNN, "output_sequence"),
        new ConvertFused(
            OpTypes.Conv, 4, null, Text("auto_pad"), Ints("dilations"), Int("group"), Ints("kernel_shape"), Ints("pads"), Ints("strides")),
        new ConvertFused(OpTypes.Gemm, 3, "activation_alpha", Float("alpha"), Float("beta"), Int("transA"), Int("transB")),
        new ConvertQGemm(),
        new ConvertQLinearBinary(OpTypes.Add),
        new ConvertQLinearBinary(OpTypes.Mul),
        new ConvertQLinearConcat(),
        new ConvertQLinearUnary(
            OpTypes.AveragePool, Text("auto_pad"), Int("ceil_mode"), Int(ConvertQLinearUnary.ChannelsLast).Only(0L), Int("count_include_pad"),
            Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new ConvertQLinearUnary(OpTypes.GlobalAveragePool, Int(ConvertQLinearUnary.ChannelsLast).Only(0L)),
        new ConvertQLinearUnary(OpTypes.Sigmoid),
        new ConvertQuickGelu(),
        new ConvertQuantization(OpTypes.DequantizeLinear),
        new ConvertQuantization(OpTypes.QuantizeLinear),
        new ConvertSkipLayerNormalization(),
    ];

    private static readonly Dictionary<(string Domain, string OpType), Conversion> ByName = All.ToDictionary(c => (c.Domain, c.OpType));

    /// <summary>The conversion of a node's operator, or null when it needs none.</summary>
    public static Conversion? Of(Node node) => ByName.GetValueOrDefault((node.Domain, node.OpType));
}

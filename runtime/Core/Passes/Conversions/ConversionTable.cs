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
        new AttributesToInputs(OpTypes.Slice, "starts", "ends", "axes"),
        new AttributesToInputs(OpTypes.Squeeze, "axes"),
        new AttributesToInputs(OpTypes.Unsqueeze, "axes"),
        new ConvertAveragePool(),
        new ConvertCastLike(),
        new ConvertIf(),
        new ConvertLoop(),
        new ConvertMaxPool(),
        new ConvertPad(),
        new ConvertQLinearConv(),
        new ConvertQLinearMatMul(),
        new ConvertQuantizeLinear(),
        new ConvertReduceMean(),
        new ConvertScan(),
        new ConvertShape(),
        new ConvertQuantizedView(OpTypes.Flatten),
        new ConvertQuantizedView(OpTypes.Reshape),
        new ConvertQuantizedView(OpTypes.Transpose),
        new ConvertSoftmax(),
        new ConvertSum(),
        new DroppedAttributes(OpTypes.BatchNormalization, "spatial"),
        new DroppedAttributes(OpTypes.Cast, "saturate"),
        new DroppedAttributes(OpTypes.DequantizeLinear, "block_size", "output_dtype"),
        new DroppedAttributes(OpTypes.Dropout, "ratio", "seed"),
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
    ];

    private static readonly Dictionary<(string Domain, string OpType), Conversion> ByName = All.ToDictionary(c => (c.Domain, c.OpType));

    /// <summary>The conversion of a node's operator, or null when it needs none.</summary>
    public static Conversion? Of(Node node) => ByName.GetValueOrDefault((node.Domain, node.OpType));
}

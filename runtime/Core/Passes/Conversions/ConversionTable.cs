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
        new AttributesToInputs("Clip", "min", "max"),
        new AttributesToInputs("Slice", "starts", "ends", "axes"),
        new AttributesToInputs("Squeeze", "axes"),
        new AttributesToInputs("Unsqueeze", "axes"),
        new ConvertAveragePool(),
        new ConvertCastLike(),
        new ConvertMaxPool(),
        new ConvertPad(),
        new ConvertQLinearConv(),
        new ConvertQLinearMatMul(),
        new ConvertQuantizeLinear(),
        new ConvertReduceMean(),
        new ConvertShape(),
        new ConvertQuantizedView("Flatten"),
        new ConvertQuantizedView("Reshape"),
        new ConvertQuantizedView("Transpose"),
        new ConvertSoftmax(),
        new ConvertSum(),
        new DroppedAttributes("BatchNormalization", "spatial"),
        new DroppedAttributes("Cast", "saturate"),
        new DroppedAttributes("DequantizeLinear", "block_size", "output_dtype"),
        new DroppedAttributes("Dropout", "ratio", "seed"),
        new ConvertQGemm(),
        new ConvertQLinearBinary("Add"),
        new ConvertQLinearBinary("Mul"),
        new ConvertQLinearConcat(),
        new ConvertQLinearUnary("AveragePool", Text("auto_pad"), Int("ceil_mode"), Int(ConvertQLinearUnary.ChannelsLast).Only(0L), Int("count_include_pad"),
            Ints("kernel_shape").Required(), Ints("pads"), Ints("strides")),
        new ConvertQLinearUnary("GlobalAveragePool", Int(ConvertQLinearUnary.ChannelsLast).Only(0L)),
        new ConvertQLinearUnary("Sigmoid"),
        new ConvertQuantization("DequantizeLinear"),
        new ConvertQuantization("QuantizeLinear"),
    ];

    private static readonly Dictionary<(string Domain, string OpType), Conversion> ByName = All.ToDictionary(c => (c.Domain, c.OpType));

    /// <summary>The conversion of a node's operator, or null when it needs none.</summary>
    public static Conversion? Of(Node node) => ByName.GetValueOrDefault((node.Domain, node.OpType));
}

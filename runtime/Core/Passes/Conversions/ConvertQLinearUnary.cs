using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// QLinearSigmoid, QLinearGlobalAveragePool, QLinearAveragePool: x, scale, zero point, y's scale[, zero point]; zero points may be left out.
/// </summary>
/// <param name="plain">The operator on floats.</param>
/// <param name="attributes">Those of the quantised operator.</param>
internal sealed class ConvertQLinearUnary(string plain, params AttributeRule[] attributes) : QuantizedConversion
{
    /// <summary>Whether the channels are innermost, which only ONNX Runtime itself writes, while it optimises.</summary>
    internal const string ChannelsLast = "channels_last";

    public override string OpType => $"QLinear{plain}";

    public override string Domain => OnnxRuntime;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 4, 5, attributes) { MayMiss = [2] }];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string x = Dequantize(node, values, node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        string made = values.Fresh($"{node.Name}.float");
        Remove(node, ChannelsLast);
        values.Add(new Node(plain, node.Name, [x], [made]) { Attributes = node.Attributes });
        Quantize(node, values, made, node.Inputs[3], node.Input(4), node.Output);
        return true;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>ONNX Runtime's own QuantizeLinear and DequantizeLinear, older than ONNX's and with the same meaning for 8 bits.</summary>
internal sealed class ConvertQuantization(string opType) : QuantizedConversion
{
    public override string OpType => opType;

    public override string Domain => OnnxRuntime;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 3, Int("axis"))];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        values.Add(new Node(opType, node.Name, node.Inputs, node.Outputs) { Attributes = node.Attributes });
        return true;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>QLinearAdd, QLinearMul: a, scale, zero point, b, scale, zero point, y's scale[, zero point]; zero points may be left out.</summary>
/// <param name="plain">The operator on floats.</param>
internal sealed class ConvertQLinearBinary(string plain) : QuantizedConversion
{
    public override string OpType => $"QLinear{plain}";

    public override string Domain => OnnxRuntime;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 7, 8) { MayMiss = [2, 5] }];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string a = Dequantize(node, values, node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        string b = Dequantize(node, values, node.Inputs[3], node.Inputs[4], node.Inputs[5]);
        string made = values.Fresh($"{node.Name}.float");
        values.Add(new Node(plain, node.Name, [a, b], [made]));
        Quantize(node, values, made, node.Inputs[6], node.Input(7), node.Output);
        return true;
    }
}

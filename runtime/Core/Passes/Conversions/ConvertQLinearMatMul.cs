using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>a, scale, zero point, b, scale, zero point, y's scale, zero point; a and y may have a scale for each row, b for each column.</summary>
internal sealed class ConvertQLinearMatMul : QuantizedConversion
{
    public override string OpType => "QLinearMatMul";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 8, 8)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        int rows = values.Of(node, node.Inputs[0]).Shape.Rank - 2, columns = values.Of(node, node.Inputs[3]).Shape.Rank - 1;
        string a = Dequantize(node, values, node.Inputs[0], node.Inputs[1], node.Inputs[2], rows);
        string b = Dequantize(node, values, node.Inputs[3], node.Inputs[4], node.Inputs[5], columns);
        string made = values.Fresh($"{node.Name}.float");
        values.Add(new Node(OpTypes.MatMul, node.Name, [a, b], [made]));
        Quantize(node, values, made, node.Inputs[6], node.Inputs[7], node.Output, rows);
        return true;
    }
}

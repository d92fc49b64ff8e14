using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// a, scale, zero point, b, scale, zero point, bias in steps of alpha times both scales or left out, y's scale, zero point; without y's scale the
/// result is a float.
/// </summary>
internal sealed class ConvertQGemm : QuantizedConversion
{
    public override string OpType => "QGemm";

    public override string Domain => OnnxRuntime;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 6, 9, Float("alpha"), Int("transA"), Int("transB"))];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        int outputs = node.Attributes.Int("transB", 0) != 0 ? 0 : 1;
        string a = Dequantize(node, values, node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        string b = Dequantize(node, values, node.Inputs[3], node.Inputs[4], node.Inputs[5], outputs);
        bool isFloat = node.Input(7).Length == 0;
        string made = isFloat ? node.Output : values.Fresh($"{node.Name}.float");
        var gemm = new Node(OpTypes.Gemm, node.Name, [a, b], [made]) { Attributes = node.Attributes };
        if (node.Input(6).Length > 0)
        {
            string scale = ConvertQLinearConv.BiasScale(node, values, 1, 4, node.Attributes.Float("alpha", 1));
            gemm.Inputs.Add(Dequantize(node, values, node.Inputs[6], scale, "", axis: 0));
        }

        values.Add(gemm);
        if (!isFloat) Quantize(node, values, made, node.Inputs[7], node.Input(8), node.Output);
        return true;
    }
}

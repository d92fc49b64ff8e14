using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>y's scale, zero point, then value, scale, zero point of each input.</summary>
internal sealed class ConvertQLinearConcat : QuantizedConversion
{
    private const int Each = 3;

    public override string OpType => "QLinearConcat";

    public override string Domain => OnnxRuntime;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 5, Signature.AnyNumber, Int("axis").Required())];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        if ((node.Inputs.Count - 2) % Each != 0)
            throw OperatorRules.Bad(node, $"{node.Inputs.Count} inputs where y's scale and zero point and three for each value are expected");
        var parts = new List<string>();
        for (int i = 2; i < node.Inputs.Count; i += Each) parts.Add(Dequantize(node, values, node.Inputs[i], node.Inputs[i + 1], node.Inputs[i + 2]));
        string made = values.Fresh($"{node.Name}.float");
        values.Add(new Node(OpTypes.Concat, node.Name, parts, [made]) { Attributes = node.Attributes });
        Quantize(node, values, made, node.Inputs[0], node.Inputs[1], node.Output);
        return true;
    }
}

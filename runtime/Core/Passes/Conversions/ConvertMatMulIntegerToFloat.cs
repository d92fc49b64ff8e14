using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX Runtime's product of two quantised matrices in float: MatMulInteger → Cast → Mul [→ Add]. Source: its docs/ContribOperators.md.
/// </summary>
internal sealed class ConvertMatMulIntegerToFloat : Conversion
{
    public override string OpType => "MatMulIntegerToFloat";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 4, 7)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        IntegerProduct.Add(
            new StandIns(node, values), [node.Inputs[0], node.Inputs[1]], [node.Input(4), node.Input(5)], [node.Inputs[2], node.Inputs[3]],
            node.Input(6));
        return true;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX Runtime's product of a matrix that is quantised at run time and one that was before: DynamicQuantizeLinear → MatMulInteger → Cast → Mul
/// [→ Add]. Source: its docs/ContribOperators.md.
/// </summary>
internal sealed class ConvertDynamicQuantizeMatMul : Conversion
{
    public override string OpType => "DynamicQuantizeMatMul";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 3, 5)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string codes = values.Fresh($"{node.Name}/codes"), scale = values.Fresh($"{node.Name}/scale"), zero = values.Fresh($"{node.Name}/zero");
        values.Add(new Node(OpTypes.DynamicQuantizeLinear, codes, [node.Inputs[0]], [codes, scale, zero]));
        IntegerProduct.Add(new StandIns(node, values), [codes, node.Inputs[1]], [zero, node.Input(3)], [scale, node.Inputs[2]], node.Input(4));
        return true;
    }
}

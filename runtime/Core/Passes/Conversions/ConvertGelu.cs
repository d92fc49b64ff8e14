using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX Runtime's own forms of Gelu: Gelu, BiasGelu (a bias is added first) and FastGelu (by tanh). Source: its docs/ContribOperators.md.
/// </summary>
/// <param name="opType">The operator.</param>
/// <param name="least">Inputs that must be given.</param>
/// <param name="most">Inputs that may be given; the second is the bias.</param>
/// <param name="approximate">Which of ONNX's two forms it is.</param>
internal sealed class ConvertGelu(string opType, int least, int most, string approximate) : Conversion
{
    public override string OpType => opType;

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, least, most)];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var parts = new StandIns(node, values);
        string x = node.Inputs[0];
        if (node.Input(1).Length > 0) x = parts.Add(OpTypes.Add, "biased", [x, node.Inputs[1]]);
        parts.Give(0, OpTypes.Gelu, [x], ("approximate", approximate));
        return true;
    }
}

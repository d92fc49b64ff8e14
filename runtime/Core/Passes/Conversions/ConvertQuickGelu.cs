using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>ONNX Runtime's x · sigmoid(alpha · x), which approximates Gelu where alpha is 1.702.</summary>
internal sealed class ConvertQuickGelu : Conversion
{
    private const float GeluLike = 1.702f;

    public override string OpType => "QuickGelu";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Float("alpha"))];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string alpha = values.AddConstant($"{node.Name}/alpha", Tensor.Scalar(node.Attributes.Float("alpha", GeluLike)));
        string scaled = values.Fresh($"{node.Name}/scaled"), gate = values.Fresh($"{node.Name}/gate");
        values.Add(new Node(OpTypes.Mul, scaled, [node.Inputs[0], alpha], [scaled]));
        values.Add(new Node(OpTypes.Sigmoid, gate, [scaled], [gate]));
        values.Add(new Node(OpTypes.Mul, node.Name, [node.Inputs[0], gate], node.Outputs));
        return true;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>What Resize was called before operator set 10; the scales were attributes before 9.</summary>
internal sealed class ConvertUpsample : Conversion
{
    public override string OpType => "Upsample";

    private static readonly AttributeRule Mode = Text("mode").Only("nearest", "linear", "bilinear");

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Float("height_scale").Required(), Mode, Float("width_scale").Required()),
        new(7, 1, 1, Mode, Floats("scales").Required()),
        new(9, 2, 2, Mode),
        Signature.Deprecated(10),
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        string scales = opset >= 9 ? node.Inputs[1] : values.AddConstant($"{node.Name}.scales", Tensor.Vector<float>(node.Attributes.Floats("scales")
            ?? [1, 1, node.Attributes.Float("height_scale", 1), node.Attributes.Float("width_scale", 1)]));
        string mode = node.Attributes.String("mode", "nearest") == "nearest" ? "nearest" : "linear";
        ConvertResize.AddAsymmetric(node, mode, scales, values);
        return true;
    }
}

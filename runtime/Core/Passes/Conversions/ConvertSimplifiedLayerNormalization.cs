using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>ONNX Runtime's name, in ONNX's domain, for what became RMSNormalization in operator set 23.</summary>
internal sealed class ConvertSimplifiedLayerNormalization : Conversion
{
    public override string OpType => "SimplifiedLayerNormalization";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 2, 2, Int("axis"), Float("epsilon"), Int("stash_type").Only((long)ElementType.Float32)) { Outputs = 2 },
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var parts = new StandIns(node, values);
        if (parts.Wants(1)) throw parts.Bad("its second output is not supported");
        parts.Give(0, OpTypes.RMSNormalization, [.. node.Inputs],
            ("axis", node.Attributes.Int("axis", -1)), ("epsilon", node.Attributes.Float("epsilon", 1e-5f)));
        return true;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>ONNX Runtime's alpha · A · B with either matrix transposed: [Transpose] → MatMul [→ Mul]. Source: its docs/ContribOperators.md.</summary>
internal sealed class ConvertFusedMatMul : Conversion
{
    public override string OpType => "FusedMatMul";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 2, 2, Float("alpha"), Int("transA"), Int("transB"), Int("transBatchA").Only(0L), Int("transBatchB").Only(0L)),
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var parts = new StandIns(node, values);
        string[] factors = [Turned(0, "transA"), Turned(1, "transB")];
        float alpha = node.Attributes.Float("alpha", 1);
        if (alpha == 1)
            parts.Give(0, OpTypes.MatMul, factors);
        else
            parts.Give(0, OpTypes.Mul, [parts.Add(OpTypes.MatMul, "product", factors), parts.Number("alpha", alpha)]);
        return true;

        // One dimension has nothing to be turned.
        string Turned(int input, string attribute)
        {
            int rank = parts.ShapeOf(node.Inputs[input]).Rank;
            if (node.Attributes.Int(attribute, 0) == 0 || rank < 2) return node.Inputs[input];
            long[] perm = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
            return parts.Transpose(attribute, node.Inputs[input], perm);
        }
    }
}

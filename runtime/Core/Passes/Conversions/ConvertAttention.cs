using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX's Attention (since 23), written out: Q, K, V as [batch][tokens][heads · width] or [batch][head][token][width], a mask to add or of booleans,
/// keys and values of the past, fewer heads of keys than of queries.
/// </summary>
internal sealed class ConvertAttention : Conversion
{
    private const int Mask = 3, PastKey = 4, PastValue = 5; // inputs

    private const int PresentKey = 1, PresentValue = 2, Scores = 3; // outputs

    public override string OpType => "Attention";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(23, 3, 6, Int("is_causal"), Int("kv_num_heads"), Int("q_num_heads"), Int("qk_matmul_output_mode").Only(0L, 1L, 2L, 3L), Float("scale"),
            Float("softcap"), Int("softmax_precision").Only((long)ElementType.Float32)) { Outputs = 4 },
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var parts = new StandIns(node, values);
        int rank = parts.ShapeOf(node.Inputs[0]).Rank;
        string query = Heads(0, "q_num_heads", "query"), key = Heads(1, "kv_num_heads", "key"), value = Heads(2, "kv_num_heads", "value");
        int past = 0;
        if ((node.Input(PastKey).Length > 0) != (node.Input(PastValue).Length > 0)) throw parts.Bad("it has only one of past keys and past values");
        if (node.Input(PastKey).Length > 0)
        {
            past = parts.ShapeOf(node.Inputs[PastKey]) is { Rank: 4 } shape ? shape[2] : throw parts.Bad("its past keys do not have four dimensions");
            key = parts.Add(OpTypes.Concat, "keys", [node.Inputs[PastKey], key], ("axis", 2L));
            value = parts.Add(OpTypes.Concat, "values", [node.Inputs[PastValue], value], ("axis", 2L));
        }

        if (parts.Wants(PresentKey)) parts.Give(PresentKey, OpTypes.Identity, [key]);
        if (parts.Wants(PresentValue)) parts.Give(PresentValue, OpTypes.Identity, [value]);
        Shape q = parts.ShapeOf(query), k = parts.ShapeOf(key);
        if (q.Rank != 4 || k.Rank != 4 || k[1] == 0 || q[1] % k[1] != 0) throw parts.Bad($"queries {q} do not fit keys {k}");
        float softCap = node.Attributes.Float("softcap", 0), scale = node.Attributes.Float("scale", 0);
        var heads = new HeadsOfAttention(parts)
        {
            Scale = scale == 0 ? 1 / MathF.Sqrt(q[3]) : scale,
            SoftCap = softCap,
        };
        if (node.Attributes.Int("is_causal", 0) != 0)
            heads.Masks.Add(HeadsOfAttention.Causal(parts, q[2], k[2], float.NegativeInfinity, past));
        if (node.Input(Mask).Length > 0) heads.Masks.Add(MaskToAdd(node, parts, values));
        if (softCap != 0 && heads.Masks.Count > 0)
            throw parts.Bad("a softcap together with a mask is not supported, since its meaning changed with set 24");
        string mixed = heads.Add(query, Repeated(parts, key, "keys_repeated", q[1]), Repeated(parts, value, "values_repeated", q[1]));
        if (parts.Wants(Scores)) parts.Give(Scores, OpTypes.Identity, [heads.Stages[(int)node.Attributes.Int("qk_matmul_output_mode", 0)]]);
        if (rank == 4)
            parts.Give(0, OpTypes.Identity, [mixed]);
        else
            HeadsOfAttention.Join(parts, mixed);
        return true;

        string Heads(int input, string attribute, string part) => rank == 4
            ? node.Inputs[input]
            : HeadsOfAttention.Split(parts, part, node.Inputs[input], node.Attributes.Int(attribute, 0));
    }

    // Each head of keys serves as many heads of queries that follow each other.
    private static string Repeated(StandIns parts, string x, string part, int heads)
    {
        var shape = parts.ShapeOf(x);
        if (shape.Rank != 4 || shape[1] == heads) return x;
        if (shape[1] == 0 || heads % shape[1] != 0) throw parts.Bad($"'{x}' of shape {shape} does not fit {heads} heads");
        string apart = parts.Reshape($"{part}.apart", x, shape[0], shape[1], 1, shape[2], shape[3]);
        string spread = parts.Add(OpTypes.Expand, $"{part}.spread",
            [apart, parts.Integers($"{part}.heads", shape[0], shape[1], heads / shape[1], shape[2], shape[3])]);
        return parts.Reshape(part, spread, shape[0], heads, shape[2], shape[3]);
    }

    private static string MaskToAdd(Node node, StandIns parts, KnownValues values)
    {
        string mask = node.Inputs[Mask];
        if (values.Of(node, mask).Type != ElementType.Bool) return mask;
        return parts.Add(OpTypes.Where, "mask", [mask, parts.Number("seen", 0), parts.Number("hidden", float.NegativeInfinity)]);
    }
}

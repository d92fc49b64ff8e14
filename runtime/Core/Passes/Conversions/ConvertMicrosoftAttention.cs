using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// ONNX Runtime's Attention, written out: x [batch][tokens][width] times the weights of queries, keys and values side by side, a mask of keys
/// [batch][keys] or [batch][queries][keys] in which 0 hides, an addend to the scores. Source: its docs/ContribOperators.md.
/// </summary>
internal sealed class ConvertMicrosoftAttention : Conversion
{
    private const int Weights = 1, Bias = 2, Mask = 3, Past = 4, Addend = 5; // inputs

    private const float HidesByDefault = -10000;

    public override string OpType => "Attention";

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 2, 6, Int("num_heads").Required(), Int("unidirectional"), Int("do_rotary").Only(0L), Int("past_present_share_buffer").Only(0L),
            Int("rotary_embedding_dim").Only(0L), Ints("qkv_hidden_sizes"), Float("scale"), Float("mask_filter_value")) { Outputs = 2 },
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var parts = new StandIns(node, values);
        long count = node.Attributes.Int("num_heads", 0);
        string all = parts.Add(OpTypes.MatMul, "projected", [node.Inputs[0], node.Inputs[Weights]]);
        if (node.Input(Bias).Length > 0) all = parts.Add(OpTypes.Add, "biased", [all, node.Inputs[Bias]]);
        if (parts.ShapeOf(all) is not { Rank: 3 } shape)
            throw parts.Bad($"its input gives {parts.ShapeOf(all)}; batch, tokens and width are expected");
        long[] widths = node.Attributes.Ints("qkv_hidden_sizes") ?? [shape[2] / 3, shape[2] / 3, shape[2] / 3];
        if (widths.Length != 3 || widths.Min() < 1 || widths.Max() > shape[2] || widths.Sum() != shape[2] || widths[0] != widths[1])
            throw parts.Bad($"its {shape[2]} columns are not queries, keys and values of {string.Join(", ", widths)}");
        string query = Part("query", 0, widths[0]), key = Part("key", widths[0], widths[0]), value = Part("value", 2 * widths[0], widths[2]);
        int past = 0;
        if (node.Input(Past).Length > 0)
        {
            past = parts.ShapeOf(node.Inputs[Past]) is { Rank: 5 } before ? before[3] : throw parts.Bad("its past does not have five dimensions");
            key = parts.Add(OpTypes.Concat, "keys", [Stacks.Element(node, node.Inputs[Past], 0, 0, values), key], ("axis", 2L));
            value = parts.Add(OpTypes.Concat, "values", [Stacks.Element(node, node.Inputs[Past], 0, 1, values), value], ("axis", 2L));
        }

        if (parts.Wants(1)) parts.Give(1, OpTypes.Concat, [Stacks.Slice(node, key, 0, values), Stacks.Slice(node, value, 0, values)], ("axis", 0L));
        int keys = past + shape[1];
        float scale = node.Attributes.Float("scale", 0), hidden = node.Attributes.Float("mask_filter_value", HidesByDefault);
        var heads = new HeadsOfAttention(parts) { Scale = scale == 0 ? 1 / MathF.Sqrt(widths[0] / (float)count) : scale };
        if (node.Input(Mask).Length > 0) heads.Masks.Add(MaskToAdd(node, parts, keys, hidden));
        if (node.Attributes.Int("unidirectional", 0) != 0) heads.Masks.Add(HeadsOfAttention.Causal(parts, shape[1], keys, float.MinValue, past));
        if (node.Input(Addend).Length > 0) heads.Masks.Add(node.Inputs[Addend]);
        HeadsOfAttention.Join(parts, heads.Add(query, key, value));
        return true;

        string Part(string part, long start, long width) =>
            HeadsOfAttention.Split(parts, part, parts.Slice($"{part}.columns", all, 2, start, start + width), count);
    }

    private static string MaskToAdd(Node node, StandIns parts, int keys, float hidden)
    {
        string mask = node.Inputs[Mask];
        var shape = parts.ShapeOf(mask);
        if (shape.Rank is not (2 or 3) || shape[^1] != keys)
            throw parts.Bad($"a mask of shape {shape} for {keys} keys is not supported; [batch][keys] and [batch][queries][keys] are");
        string apart = shape.Rank == 2
            ? parts.Reshape("mask.apart", mask, shape[0], 1, 1, keys)
            : parts.Reshape("mask.apart", mask, shape[0], 1, shape[1], keys);
        string shown = parts.Add(OpTypes.Cast, "shown", [apart], ("to", (long)ElementType.Float32));
        return parts.Add(OpTypes.Mul, "mask", [parts.Add(OpTypes.Sub, "hidden", [parts.Number("one", 1), shown]), parts.Number("filter", hidden)]);
    }
}

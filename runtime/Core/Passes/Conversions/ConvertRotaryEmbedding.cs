using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// Positions as turns of pairs of channels (Su et al., arXiv:2104.09864; ONNX's operator since 23): (a, b) → (a·cos − b·sin, a·sin + b·cos), where b
/// is the next channel, or the one half of the turned width away.
/// </summary>
internal sealed class ConvertRotaryEmbedding : Conversion
{
    private const int Cosines = 1, Sines = 2, Positions = 3; // inputs

    public override string OpType => "RotaryEmbedding";

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(23, 3, 4, Int("interleaved"), Int("num_heads"), Int("rotary_embedding_dim"))];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        var parts = new StandIns(node, values);
        var given = parts.ShapeOf(node.Inputs[0]);
        string x = given.Rank == 4 ? node.Inputs[0] : HeadsOfAttention.Split(parts, "heads", node.Inputs[0], node.Attributes.Int("num_heads", 0));
        var shape = parts.ShapeOf(x);
        long turned = node.Attributes.Int("rotary_embedding_dim", 0) is > 0 and var some ? some : shape[3];
        if (turned > shape[3] || turned % 2 != 0) throw parts.Bad($"{turned} of {shape[3]} channels cannot be turned in pairs");
        string cosines = Angles(node, parts, Cosines, shape, turned), sines = Angles(node, parts, Sines, shape, turned);
        string active = turned == shape[3] ? x : parts.Slice("active", x, 3, 0, turned);
        bool isInterleaved = node.Attributes.Int("interleaved", 0) != 0;
        string a = isInterleaved ? parts.Slice("even", active, 3, 0, turned, 2) : parts.Slice("low", active, 3, 0, turned / 2);
        string b = isInterleaved ? parts.Slice("odd", active, 3, 1, turned, 2) : parts.Slice("high", active, 3, turned / 2, turned);
        string first = parts.Add(OpTypes.Sub, "first", [parts.Add(OpTypes.Mul, "ac", [a, cosines]), parts.Add(OpTypes.Mul, "bs", [b, sines])]);
        string second = parts.Add(OpTypes.Add, "second", [parts.Add(OpTypes.Mul, "as", [a, sines]), parts.Add(OpTypes.Mul, "bc", [b, cosines])]);
        string result =
            isInterleaved ? Woven(parts, first, second, shape, turned) : parts.Add(OpTypes.Concat, "turned", [first, second], ("axis", 3L));
        if (turned < shape[3]) result = parts.Add(OpTypes.Concat, "all", [result, parts.Slice("rest", x, 3, turned, shape[3])], ("axis", 3L));
        if (given.Rank == 4)
            parts.Give(0, OpTypes.Identity, [result]);
        else
            HeadsOfAttention.Join(parts, result);
        return true;
    }

    // [positions][turned / 2], or [batch][tokens][turned / 2] where no positions are given.
    private static string Angles(Node node, StandIns parts, int input, Shape x, long turned)
    {
        string angles = node.Inputs[input];
        if (node.Input(Positions).Length > 0) angles = parts.Add(OpTypes.Gather, "angles", [angles, node.Inputs[Positions]], ("axis", 0L));
        var shape = parts.ShapeOf(angles);
        if (shape.Rank != 3 || shape[1] != x[2] || shape[2] != turned / 2)
            throw parts.Bad($"angles of shape {shape} do not fit {x[2]} tokens and {turned} channels");
        return parts.Reshape("angles.apart", angles, shape[0], 1, shape[1], shape[2]);
    }

    private static string Woven(StandIns parts, string first, string second, Shape x, long turned)
    {
        string Apart(string part, string half) => parts.Reshape(part, half, x[0], x[1], x[2], turned / 2, 1);
        string pairs = parts.Add(OpTypes.Concat, "pairs", [Apart("first.apart", first), Apart("second.apart", second)], ("axis", 4L));
        return parts.Reshape("turned", pairs, x[0], x[1], x[2], turned);
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Passes.Conversions;

/// <summary>
/// softmax(Q · Kᵀ · scale + masks) · V of values [batch][head][token][width], as exporters write it out. Vaswani et al., arXiv:1706.03762.
/// </summary>
internal sealed class HeadsOfAttention(StandIns parts)
{
    /// <summary>Factor on the products of queries and keys.</summary>
    public required float Scale { get; init; }

    /// <summary>Values that are added to the scores, broadcast to [batch][head][query][key].</summary>
    public List<string> Masks { get; } = [];

    /// <summary>c · tanh(score / c) bounds the scores where it is not 0; after the masks.</summary>
    public float SoftCap { get; init; }

    /// <summary>Scores at each stage, for who wants to see them: products, masked, bounded, weights.</summary>
    public List<string> Stages { get; } = [];

    /// <summary>[batch][tokens][heads · width] → [batch][head][token][width].</summary>
    public static string Split(StandIns parts, string part, string x, long heads)
    {
        var shape = parts.ShapeOf(x);
        if (shape.Rank != 3 || heads < 1 || shape[2] % heads != 0) throw parts.Bad($"'{x}' of shape {shape} cannot be split into {heads} heads");
        return parts.Transpose(part, parts.Reshape($"{part}.split", x, shape[0], shape[1], heads, shape[2] / heads), 0, 2, 1, 3);
    }

    /// <summary>[batch][head][token][width] → [batch][tokens][heads · width], as the first output.</summary>
    public static void Join(StandIns parts, string x)
    {
        var shape = parts.ShapeOf(x);
        string tokens = parts.Transpose("tokens", x, 0, 2, 1, 3);
        parts.Give(0, OpTypes.Reshape, [tokens, parts.Integers("joined.shape", shape[0], shape[2], (long)shape[1] * shape[3])]);
    }

    /// <summary>A mask that hides what comes after each query; the last query sees all keys.</summary>
    /// <param name="parts">Gets the constant.</param>
    /// <param name="queries">How many there are.</param>
    /// <param name="keys">How many there are.</param>
    /// <param name="hidden">What is added to a hidden score.</param>
    /// <param name="past">Keys that come before the first query's own.</param>
    public static string Causal(StandIns parts, int queries, int keys, float hidden, int past)
    {
        if ((long)queries * keys > Shape.MaxElements) throw parts.Bad($"{queries} queries and {keys} keys are too many for a mask");
        float[] mask = new float[queries * keys];
        for (int q = 0; q < queries; q++)
            for (int k = q + past + 1; k < keys; k++) mask[q * keys + k] = hidden;
        return parts.Constant("causal", new Shape(queries, keys), mask);
    }

    /// <summary>Adds the nodes and returns the result, [batch][head][query][width of V].</summary>
    public string Add(string query, string key, string value)
    {
        if (parts.ShapeOf(query).Rank != 4 || parts.ShapeOf(key).Rank != 4 || parts.ShapeOf(value).Rank != 4)
            throw parts.Bad(
                $"queries {parts.ShapeOf(query)}, keys {parts.ShapeOf(key)} and values {parts.ShapeOf(value)} do not have four dimensions");
        string scores = parts.Add(OpTypes.MatMul, "products", [query, parts.Transpose("key_t", key, 0, 1, 3, 2)]);
        scores = parts.Add(OpTypes.Mul, "scores", [scores, parts.Number("scale", Scale)]);
        Stages.Add(scores);
        foreach (string mask in Masks) scores = parts.Add(OpTypes.Add, "masked", [scores, mask]);
        Stages.Add(scores);
        if (SoftCap != 0)
        {
            string small = parts.Add(OpTypes.Div, "small", [scores, parts.Number("cap", SoftCap)]);
            scores = parts.Add(OpTypes.Mul, "bounded", [parts.Add(OpTypes.Tanh, "tanh", [small]), parts.Number("cap", SoftCap)]);
        }

        Stages.Add(scores);
        string weights = parts.Add(OpTypes.Softmax, "weights", [scores], ("axis", -1L));
        Stages.Add(weights);
        return parts.Add(OpTypes.MatMul, "mixed", [weights, value]);
    }
}

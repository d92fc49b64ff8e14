using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that multiply matrices, recurrent layers among them, and those that quantise.</summary>
internal static class ProductDrafts
{
    private static readonly string[] Equations =
        ["ij,jk->ik", "bij,bjk->bik", "ij,ij->", "i,j->ij", "bhqd,bhkd->bhqk", "...ij,...jk->...ik", "ii->i", "ij->ji", "ij", "b...,b...->..."];

    public static void Det(NodeDraft d)
    {
        int size = d.Number(1, 5);
        d.Feed(d.Values(ElementType.Float32, [.. d.Filled(0, 2), size, size]));
    }

    public static void Einsum(NodeDraft d)
    {
        string equation = d.Any<string>(Equations);
        d.Must("equation", equation);
        var sizes = "bhijkqd".ToDictionary(static c => c, _ => d.Number(1, 5));
        int[] rest = d.Filled(0, 2);
        foreach (string term in equation.Split("->")[0].Split(','))
        {
            int dots = term.IndexOf('.', StringComparison.Ordinal);
            int[] Of(string letters) => [.. letters.Select(c => sizes[c])];
            d.Give(d.Values(ElementType.Float32, dots < 0 ? Of(term) : [.. Of(term[..dots]), .. rest, .. Of(term[(dots + 3)..])]));
        }
    }

    public static void Gemm(NodeDraft d)
    {
        int m = d.Number(1, 9), n = d.Number(1, 17), k = d.Number(d.AllowsNothing && d.Once(9) ? 0 : 1, 12);
        bool ta = d.Once(3) && d.Must("transA", 1L), tb = d.Once(3) && d.Must("transB", 1L);
        d.May("alpha", d.Parameter(-2, 2));
        d.May("beta", d.Parameter(-2, 2));
        d.Feed(d.Values(ElementType.Float32, ta ? [k, m] : [m, k]));
        d.Give(d.Values(ElementType.Float32, tb ? [n, k] : [k, n]));
        if (d.Opset >= 11 && d.Once(3)) return;
        if (d.Opset >= 7) d.Give(d.Values(ElementType.Float32, d.Broadcast([m, n])));
        else d.Give(d.Values(ElementType.Float32, d.Once(2) && d.Must("broadcast", 1L) ? [n] : [m, n]));
    }

    public static void MatMul(NodeDraft d)
    {
        var (a, b) = Stacks(d);
        d.Give(d.Values(ElementType.Float32, a));
        d.Give(d.Values(ElementType.Float32, b));
    }

    public static void MatMulInteger(NodeDraft d)
    {
        var (a, b) = Stacks(d);
        d.Give(d.Values(ElementType.UInt8, a));
        d.Give(d.Values(d.Any(ElementType.UInt8, ElementType.Int8), b));
        if (d.Once(2)) d.Give(d.Values(ElementType.UInt8));
        if (d.Inputs.Count == 3 && d.Once(2)) d.Give(d.Values(d.Inputs[1]!.Type));
    }

    public static void QuantizeLinear(NodeDraft d)
    {
        int[] shape = d.Shape(1, 4);
        d.Feed(d.Values(ElementType.Float32, shape));
        Scales(d, shape, d.Any(ElementType.UInt8, ElementType.Int8));
    }

    public static void DequantizeLinear(NodeDraft d)
    {
        int[] shape = d.Shape(1, 4);
        var type = d.Any(ElementType.UInt8, ElementType.Int8);
        d.Feed(d.Values(type, shape));
        Scales(d, shape, type);
    }

    public static void DynamicQuantizeLinear(NodeDraft d)
    {
        d.Feed(d.Within(d.Number(-4, 1), d.Number(2, 5), d.Filled(1, 3)));
        d.Outputs = 3;
    }

    public static void Recurrent(NodeDraft d)
    {
        int gates = d.OpType switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        int steps = d.Number(1, 5), batch = d.Number(1, 3), inputs = d.Number(1, 6), hidden = d.Number(1, 9);
        string direction = d.Any("forward", "reverse", "bidirectional");
        int ways = direction == "bidirectional" ? 2 : 1;
        bool isBatchFirst = d.Opset >= 14 && d.Once(4) && d.Must("layout", 1L);
        if (direction != "forward" || d.Once(2)) d.Must("direction", direction);
        d.Must("hidden_size", (long)hidden);
        d.May("linear_before_reset", (long)d.Number(0, 1));
        d.Must("output_sequence", 1L);
        if (d.Once(4)) d.Must("clip", d.Parameter(0.5, 3));
        d.Feed(d.Within(-1, 1, isBatchFirst ? [batch, steps, inputs] : [steps, batch, inputs]));
        d.Give(d.Within(-1, 1, ways, gates * hidden, inputs));
        d.Give(d.Within(-1, 1, ways, gates * hidden, hidden));
        d.Outputs = d.OpType == "LSTM" ? d.Number(1, 3) : d.Number(1, 2);
        if (d.Once(3)) return;
        d.Give(d.Within(-1, 1, ways, 2 * gates * hidden));
        if (d.Once(3)) d.Give(Tensor.Vector<int>([.. Enumerable.Range(0, batch).Select(_ => d.Number(1, steps))]));
        else d.Miss();
        d.Give(d.Within(-1, 1, isBatchFirst ? [batch, ways, hidden] : [ways, batch, hidden]));
        if (d.OpType != "LSTM" || d.Once(2)) return;
        d.Give(d.Within(-1, 1, isBatchFirst ? [batch, ways, hidden] : [ways, batch, hidden]));
        if (d.Once(2)) d.Give(d.Within(-1, 1, ways, 3 * hidden));
    }

    private static void Scales(NodeDraft d, int[] shape, ElementType type)
    {
        int axis = d.Number(0, shape.Length - 1);
        bool isPerAxis = d.Opset >= 13 && d.Once(2);
        if (isPerAxis) d.Must("axis", (long)(d.Once(2) ? axis - shape.Length : axis));
        int[] size = isPerAxis ? [shape[axis]] : [];
        d.Give(d.Within(0.01, 0.2, size));
        if (type == ElementType.Int8 || d.Once(2)) d.Give(d.Values(type, size));
    }

    private static (int[] A, int[] B) Stacks(NodeDraft d)
    {
        int m = d.Number(1, 9), n = d.Number(1, 17), k = d.Number(d.AllowsNothing && d.Once(9) ? 0 : 1, 12);
        int[] stack = d.Filled(0, 2);
        if (stack.Aggregate(1, static (x, y) => x * y) > 24) stack = [];
        int[] a = d.Once(6) ? [k] : [.. d.Broadcast(stack), m, k], b = d.Once(6) ? [k] : [.. d.Broadcast(stack), k, n];
        return (a, b);
    }
}

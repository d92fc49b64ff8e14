using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that compute each element alone, of one input or of several that are broadcast.</summary>
internal static class ElementwiseDrafts
{
    // From this operator set on, inputs are broadcast as in numpy; before, the second lies along an axis of the first.
    private const int BroadcastsAsNumpy = 7;

    public static void Function(NodeDraft d)
    {
        d.May("alpha", d.Parameter(0.1, 2));
        d.May("beta", d.Parameter(-1, 1));
        d.May("gamma", d.Parameter(0.5, 2));
        d.May("lambd", d.Parameter(0, 1));
        d.May("bias", d.Parameter(-1, 1));
        d.May("approximate", d.Any("none", "tanh"));
        d.May("detect_negative", (long)d.Number(0, 1));
        d.May("detect_positive", (long)d.Number(0, 1));
        d.May("consumed_inputs", new long[] { 0 });
        d.May("ratio", 0.5f);
        d.Feed(d.Values(ElementType.Float32, d.Shape(0, 5)));
    }

    public static void FunctionOfAnyNumber(NodeDraft d)
    {
        d.May("consumed_inputs", new long[] { 0 });
        d.May("lambd", d.Parameter(0, 1));
        d.Feed(d.Values(d.Type(ElementType.Int32, ElementType.Int64), d.Shape(0, 5)));
    }

    public static void Not(NodeDraft d) => d.Feed(d.Values(ElementType.Bool, d.Shape(0, 5)));

    public static void BitwiseNot(NodeDraft d) => d.Feed(d.Values(d.Any(ElementType.UInt8, ElementType.Int8, ElementType.Int32), d.Shape(0, 5)));

    public static void Cast(NodeDraft d)
    {
        d.Must("to", d.Opset < 6 ? d.Any("FLOAT", "INT32", "INT64", "BOOL")
            : (object)(long)d.Any(ElementType.Float32, ElementType.Int32, ElementType.Int64, ElementType.Bool, ElementType.UInt8));
        var from = d.Type(ElementType.Int32, ElementType.UInt8, ElementType.Bool);
        int[] shape = d.Shape(0, 5);
        // A float outside of the range of integers is whatever the processor makes of it.
        d.Feed(from == ElementType.Float32 ? d.Within(0, 120, shape) : from == ElementType.Int32 ? d.Integers(0, 120, shape) : d.Values(from, shape));
    }

    public static void Arithmetic(NodeDraft d) => Pair(d, d.Type(ElementType.Int32, ElementType.Int64), static (draft, type, shape) =>
        draft.OpType is "Div" or "Mod" && type != ElementType.Float32 ? Divisor(draft, type, shape) : draft.Values(type, shape));

    public static void Mod(NodeDraft d)
    {
        if (d.Once(2))
        {
            d.Must("fmod", 1L);
            Pair(d, d.Type(ElementType.Int32), Divisor);
        }
        else Pair(d, ElementType.Int32, Divisor);
    }

    public static void Pow(NodeDraft d) =>
        Pair(d, ElementType.Float32, static (draft, _, shape) => draft.Once(2) ? Whole(draft, shape) : draft.Values(ElementType.Float32, shape));

    public static void Logic(NodeDraft d) => Pair(d, ElementType.Bool, static (draft, type, shape) => draft.Values(type, shape));

    public static void Comparison(NodeDraft d) => Pair(
        d, d.Opset < 7 ? d.OpType == "Equal" ? ElementType.Int32 : ElementType.Float32 : d.Type(ElementType.Int32, ElementType.Int64),
        static (draft, type, shape) => draft.Values(type, shape));

    public static void Bits(NodeDraft d) =>
        Pair(d, d.Any(ElementType.UInt8, ElementType.Int32), static (draft, type, shape) => draft.Values(type, shape));

    public static void BitShift(NodeDraft d)
    {
        d.Must("direction", d.Any("LEFT", "RIGHT"));
        Pair(d, ElementType.UInt8, static (draft, _, shape) =>
            Tensor.From<byte>(new Shape(shape), [.. Enumerable.Range(0, new Shape(shape).ElementCount).Select(_ => (byte)draft.Number(0, 7))]));
    }

    public static void Several(NodeDraft d)
    {
        d.May("consumed_inputs", new long[] { 0, 0, 0 });
        int[] shape = d.Shape(0, 5);
        var type = d.OpType == "Mean" || d.Opset < 12 ? ElementType.Float32 : d.Type(ElementType.Int32);
        for (int i = d.Number(1, 4); i > 0; i--) d.Give(d.Values(type, d.Opset < 8 ? shape : d.Broadcast(shape)));
    }

    public static void Slope(NodeDraft d)
    {
        d.May("consumed_inputs", new long[] { 0 });
        int[] shape = d.Shape(d.Opset < 7 ? 2 : 0, 5);
        d.Feed(d.Values(ElementType.Float32, shape));
        d.Give(d.Values(ElementType.Float32, d.Opset < 7 ? [d.Once(2) ? 1 : shape[1]] : d.Broadcast(shape)));
    }

    public static void Where(NodeDraft d)
    {
        int[] shape = d.Shape(0, 5);
        var type = d.Type(ElementType.Int64, ElementType.Bool, ElementType.UInt8);
        d.Feed(d.Values(ElementType.Bool, d.Broadcast(shape)));
        for (int i = 0; i < 2; i++) d.Give(d.Values(type, d.Broadcast(shape)));
    }

    public static void Clip(NodeDraft d)
    {
        d.May("consumed_inputs", new long[] { 0 });
        float low = d.Parameter(-3, 1), high = low + d.Parameter(0, 3);
        var type = d.Opset < 12 ? ElementType.Float32 : d.Type(ElementType.Int32);
        d.Feed(d.Values(type, d.Shape(0, 5)));
        d.May("min", low);
        d.May("max", high);
        if (d.Opset < 11) return;
        foreach (float end in new[] { low, high })
        {
            if (d.Once(4)) d.Miss();
            else d.Give(type == ElementType.Float32 ? Tensor.Scalar(end) : Tensor.Scalar((int)end));
        }
    }

    private static void Pair(NodeDraft d, ElementType type, Func<NodeDraft, ElementType, int[], Tensor> second)
    {
        d.May("consumed_inputs", new long[] { 0, 0 });
        int[] shape = d.Shape(d.Opset < BroadcastsAsNumpy ? 1 : 0, 5);
        if (d.Opset >= BroadcastsAsNumpy)
        {
            d.Give(d.Values(type, d.Broadcast(shape)));
            d.Give(second(d, type, d.Broadcast(shape)));
            return;
        }

        d.Feed(d.Values(type, shape));
        int axis = d.Number(0, shape.Length - 1), end = d.Number(axis + 1, shape.Length);
        bool isSpread = d.Once(2);
        if (isSpread)
        {
            d.Must("broadcast", 1L);
            if (end < shape.Length || d.Once(2)) d.Must("axis", (long)axis);
        }

        d.Give(second(d, type, isSpread ? shape[axis..end] : shape));
    }

    private static Tensor Divisor(NodeDraft d, ElementType type, int[] shape)
    {
        int[] values = [.. Enumerable.Range(0, new Shape(shape).ElementCount).Select(_ => d.Number(1, 5) * d.Any(1, -1))];
        return type == ElementType.Float32 ? Tensor.From<float>(new Shape(shape), [.. values.Select(static v => v / 2f)])
            : type == ElementType.Int32 ? Tensor.From<int>(new Shape(shape), values)
            : Tensor.From<long>(new Shape(shape), [.. values.Select(static v => (long)v)]);
    }

    private static Tensor Whole(NodeDraft d, int[] shape) =>
        Tensor.From<float>(new Shape(shape), [.. Enumerable.Range(0, new Shape(shape).ElementCount).Select(_ => d.Any(2f, 3f, 0.5f, -1f, 0f, 1f))]);
}

using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that read indices, conditions or boxes, or that give indices.</summary>
internal static class IndexDrafts
{
    public static void Compress(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        d.Feed(d.Values(d.Type(ElementType.Int64), shape));
        int count = new Shape(shape).ElementCount;
        if (d.Once(2))
        {
            long axis = d.Axis(shape.Length);
            d.Must("axis", axis);
            count = shape[(int)(axis < 0 ? axis + shape.Length : axis)];
        }

        d.Give(d.Values(ElementType.Bool, d.Number(1, count)));
    }

    public static void Gather(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        long axis = d.Axis(shape.Length);
        int size = shape[(int)(axis < 0 ? axis + shape.Length : axis)];
        d.Must("axis", axis);
        d.Feed(d.Values(d.Type(ElementType.Int64, ElementType.UInt8), shape));
        d.Give(d.Integers(d.Opset < 11 ? 0 : -size, size - 1, d.Shape(0, 2)));
    }

    public static void GatherElements(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        long axis = d.Axis(shape.Length);
        int at = (int)(axis < 0 ? axis + shape.Length : axis);
        d.Must("axis", axis);
        d.Feed(d.Values(d.Type(ElementType.Int64), shape));
        int[] taken = [.. shape.Select((s, a) => a == at ? d.Number(0, 5) : d.Number(1, s))];
        d.Give(d.Integers(-shape[at], shape[at] - 1, taken));
    }

    public static void GatherND(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        int batch = d.Opset < 12 ? 0 : d.Number(0, Math.Min(1, shape.Length - 1)), depth = d.Number(1, shape.Length - batch);
        d.Must("batch_dims", (long)batch);
        d.Feed(d.Values(d.Type(ElementType.Int64), shape));
        d.Give(Places(d, shape[batch..(batch + depth)], [.. shape[..batch], .. d.Filled(0, 2)]));
    }

    public static void NonZero(NodeDraft d) => d.Feed(d.Values(d.Type(ElementType.Int64, ElementType.Bool), d.Shape(1, 4)));

    public static void OneHot(NodeDraft d)
    {
        int[] shape = d.Shape(0, 3);
        d.May("axis", (long)d.Number(-shape.Length - 1, shape.Length));
        int depth = d.Number(1, 6);
        var size = new Shape(shape);
        d.Give(Tensor.From<long>(size, [.. Enumerable.Range(0, size.ElementCount).Select(_ => (long)d.Number(-depth - 1, depth))]));
        d.Know(d.Once(2) ? Tensor.Scalar((long)depth) : Tensor.Vector<long>(depth));
        d.Give(d.Values(d.Type(ElementType.Int64), 2));
    }

    public static void ReverseSequence(NodeDraft d)
    {
        int[] shape = d.Filled(2, 4);
        long time = d.Number(0, 1);
        d.Must("time_axis", time);
        d.Must("batch_axis", 1 - time);
        d.Feed(d.Values(d.Type(ElementType.Int64), shape));
        d.Give(Tensor.Vector<long>([.. Enumerable.Range(0, shape[1 - time]).Select(_ => (long)d.Number(1, shape[time]))]));
    }

    public static void ScatterElements(NodeDraft d)
    {
        int[] shape = d.Filled(1, 3);
        long axis = d.Axis(shape.Length);
        int at = (int)(axis < 0 ? axis + shape.Length : axis);
        string reduction = Reduction(d);
        d.Must("axis", axis);
        if (reduction != "none") d.Must("reduction", reduction);
        // Without a reduction each place is written once, else the order would count.
        int[] taken = [.. shape.Select((s, a) => a != at ? d.Number(1, s) : reduction == "none" ? 1 : d.Number(1, 4))];
        d.Feed(d.Values(ElementType.Float32, shape));
        d.Give(d.Integers(-shape[at], shape[at] - 1, taken));
        d.Give(d.Values(ElementType.Float32, taken));
    }

    public static void ScatterND(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        string reduction = Reduction(d);
        if (reduction != "none") d.Must("reduction", reduction);
        int depth = d.Number(1, shape.Length);
        int[] outer = reduction == "none" ? [1] : d.Filled(1, 1);
        d.Feed(d.Values(ElementType.Float32, shape));
        d.Give(Places(d, shape[..depth], outer));
        d.Give(d.Values(ElementType.Float32, [.. outer, .. shape[depth..]]));
    }

    public static void NonMaxSuppression(NodeDraft d)
    {
        int boxes = d.Number(1, 9), batches = d.Number(1, 2), classes = d.Number(1, 3);
        if (d.Once(2)) d.Must("center_point_box", 1L);
        // Centres and sizes, or corners: any four numbers of this kind are both.
        d.Feed(Tensor.From<float>(new Shape(batches, boxes, 4), [.. Enumerable.Range(0, batches * boxes).SelectMany(_ =>
            new[] { d.Parameter(0, 1), d.Parameter(0, 1), 1.5f + d.Parameter(0, 1), 1.5f + d.Parameter(0, 1) })]));
        d.Feed(d.Within(0, 1, batches, classes, boxes));
        d.Give(Tensor.Scalar((long)d.Number(0, 4)));
        if (d.Once(4)) return;
        d.Give(Tensor.Scalar(d.Parameter(0.1, 0.9)));
        if (d.Once(2)) d.Give(Tensor.Scalar(d.Parameter(0.1, 0.5)));
    }

    private static string Reduction(NodeDraft d) =>
        d.Opset < 16 || d.Once(2) ? "none" : d.Opset < 18 ? d.Any("add", "mul") : d.Any("add", "mul", "max", "min");

    private static Tensor Places(NodeDraft d, int[] sizes, int[] outer)
    {
        int count = outer.Aggregate(1, static (a, b) => a * b);
        return Tensor.From<long>(new Shape([.. outer, sizes.Length]),
            [.. Enumerable.Range(0, count).SelectMany(_ => sizes.Select(s => (long)d.Number(d.Opset < 12 ? 0 : -s, s - 1)))]);
    }
}

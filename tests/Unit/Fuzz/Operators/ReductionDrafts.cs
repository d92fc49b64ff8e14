using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that go along axes: reductions, normalisations, sums so far, the largest.</summary>
internal static class ReductionDrafts
{
    public static void Reduce(NodeDraft d)
    {
        int[] shape = d.Shape(d.Once(8) ? 0 : 1, 5);
        // Of no elements the extremes are not defined, and ONNX Runtime gives nothing in place of a sum.
        if (d.OpType is "ReduceMax" or "ReduceMin" or "ReduceMean" || !d.AllowsNothing) shape = [.. shape.Select(static s => Math.Max(1, s))];
        d.May("keepdims", (long)d.Number(0, 1));
        d.Feed(d.OpType switch
        {
            "ReduceLogSum" => d.Within(0.1, 4, shape),
            "ReduceProd" => d.Within(-1.4, 1.4, shape), // products of more would overflow
            _ => d.Values(ElementType.Float32, shape),
        });
        long[] axes = d.Axes(shape.Length);
        d.May("noop_with_empty_axes", (long)d.Number(0, 1));
        if (axes.Length == 0 && d.Once(2)) return;
        if (!d.Must("axes", axes)) d.Know(Tensor.Vector<long>(axes));
        else if (axes.Length == 0) d.Attributes.Remove("axes");
    }

    public static void Line(NodeDraft d)
    {
        int[] shape = d.Filled(1, 5);
        d.Feed(d.Values(ElementType.Float32, shape));
        if (d.Once(3)) return;
        d.Must("axis", d.Opset < 11 ? d.Number(0, shape.Length - 1) : d.Axis(shape.Length));
        d.May("p", (long)d.Number(1, 2));
    }

    public static void Extreme(NodeDraft d)
    {
        int[] shape = d.Filled(1, 5);
        d.Feed(d.Values(d.Type(ElementType.Int32), shape));
        d.May("axis", d.Axis(shape.Length));
        d.May("keepdims", (long)d.Number(0, 1));
        d.May("select_last_index", (long)d.Number(0, 1));
    }

    public static void CumSum(NodeDraft d)
    {
        int[] shape = d.Shape(1, 5);
        d.Feed(d.Values(d.Type(ElementType.Int32), shape));
        d.Know(d.Once(2) ? Tensor.Scalar((int)d.Axis(shape.Length)) : Tensor.Scalar(d.Axis(shape.Length)));
        d.May("exclusive", (long)d.Number(0, 1));
        d.May("reverse", (long)d.Number(0, 1));
    }

    public static void TopK(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        long axis = d.Axis(shape.Length);
        long k = d.Number(d.Opset < 10 ? 1 : 0, shape[axis < 0 ? axis + shape.Length : axis]);
        d.Feed(d.Values(ElementType.Float32, shape));
        if (!d.Must("k", k)) d.Know(Tensor.Vector<long>(k));
        d.Must("axis", axis);
        d.May("largest", (long)d.Number(0, 1));
        d.Outputs = 2;
    }

    public static void BatchNormalization(NodeDraft d)
    {
        int[] shape = d.Shape(2, 5);
        d.May("epsilon", 1e-3f);
        d.May("momentum", 0.8f);
        d.May("consumed_inputs", new long[] { 0, 0, 0, 1, 1 });
        d.Must("is_test", 1L);
        d.May("spatial", 1L);
        d.Feed(d.Values(ElementType.Float32, shape));
        for (int i = 0; i < 3; i++) d.Give(d.Values(ElementType.Float32, shape[1]));
        d.Give(d.Within(0.1, 2, shape[1]));
    }

    public static void InstanceNormalization(NodeDraft d)
    {
        int[] shape = [.. d.Filled(3, 5).Select(static s => Math.Max(2, s))]; // of one element only rounding is left
        d.May("epsilon", 1e-3f);
        d.May("consumed_inputs", new long[] { 0, 0, 0 });
        d.Feed(d.Values(ElementType.Float32, shape));
        for (int i = 0; i < 2; i++) d.Give(d.Values(ElementType.Float32, shape[1]));
    }

    public static void LayerNormalization(NodeDraft d)
    {
        int[] shape = d.Filled(1, 5);
        long axis = d.Axis(shape.Length);
        int[] rest = shape[(int)(axis < 0 ? axis + shape.Length : axis)..];
        d.Must("axis", axis);
        d.May("epsilon", 1e-3f);
        d.Feed(d.Values(ElementType.Float32, shape));
        d.Give(d.Values(ElementType.Float32, rest));
        if (d.OpType == "LayerNormalization" && d.Once(2)) d.Give(d.Values(ElementType.Float32, rest));
    }

    public static void LocalResponse(NodeDraft d)
    {
        d.Must("size", (long)(1 + 2 * d.Number(0, 3)));
        d.May("alpha", d.Parameter(0, 1));
        d.May("beta", d.Parameter(0.2, 1));
        d.May("bias", d.Parameter(0.5, 2));
        d.Feed(d.Values(ElementType.Float32, d.Filled(4, 4)));
    }

    public static void MeanVariance(NodeDraft d)
    {
        int[] shape = [.. d.Filled(4, 4).Select(static s => Math.Max(2, s))];
        d.May("axes", d.Axes(4, 1).Select(static a => (a + 4) % 4).ToArray());
        // Of equal numbers ONNX Runtime takes the root of what rounding leaves, which may be negative.
        d.Feed(d.Within(-3, 3, shape));
    }
}

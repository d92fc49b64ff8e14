using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that move, choose or repeat elements without an index among their inputs.</summary>
internal static class MovementDrafts
{
    public static void Same(NodeDraft d)
    {
        d.May("ratio", 0.5f);
        d.May("consumed_inputs", new long[] { 0 });
        d.Must("is_test", 1L);
        d.Feed(Any(d, d.Shape(0, 5)));
    }

    public static void CenterCropPad(NodeDraft d)
    {
        int[] shape = d.Filled(1, 4);
        long[] axes = d.Once(2) ? d.Axes(shape.Length, 1) : [.. Enumerable.Range(0, shape.Length).Select(static a => (long)a)];
        if (axes.Length < shape.Length || d.Once(2)) d.Must("axes", axes);
        else axes = [.. Enumerable.Range(0, shape.Length).Select(static a => (long)a)];
        d.Feed(Any(d, shape));
        d.Know(Tensor.Vector<long>([.. axes.Select(_ => (long)d.Number(1, 9))]));
    }

    public static void Concat(NodeDraft d)
    {
        int[] shape = d.Shape(d.Opset < 4 ? 2 : 1, 5);
        long axis = d.Opset < 4 ? 1 : d.Axis(shape.Length);
        if (d.Opset >= 4 || d.Once(2)) d.Must("axis", axis);
        var type = d.Type(ElementType.Int64, ElementType.UInt8);
        for (int i = d.Number(1, 4); i > 0; i--)
        {
            int[] one = [.. shape];
            one[axis < 0 ? axis + shape.Length : axis] = d.Number(d.Once(4) ? 0 : 1, 6);
            d.Give(d.Values(type, one));
        }
    }

    public static void Constant(NodeDraft d)
    {
        int way = d.Opset < 12 ? 0 : d.Number(0, 4);
        string name = new[] { "value", "value_float", "value_floats", "value_int", "value_ints" }[way];
        d.Must(name, way switch
        {
            0 => Any(d, d.Shape(0, 4)),
            1 => d.Parameter(-5, 5),
            2 => new[] { d.Parameter(-5, 5), 1f },
            3 => (long)d.Number(-5, 5),
            _ => new long[] { d.Number(-5, 5), 7 },
        });
    }

    public static void ConstantOfShape(NodeDraft d)
    {
        int[] shape = d.Shape(0, 4);
        d.May("value", d.Once(2) ? Tensor.Vector(d.Parameter(-5, 5)) : Tensor.Vector<long>(d.Number(-5, 5)));
        d.Know(Tensor.Vector<long>([.. shape.Select(static s => (long)s)]));
    }

    public static void DepthToSpace(NodeDraft d)
    {
        int block = d.Number(1, 3);
        d.Must("blocksize", (long)block);
        d.May("mode", d.Any("DCR", "CRD"));
        d.Feed(d.Values(ElementType.Float32, d.Number(1, 2), block * block * d.Number(1, 4), d.Number(1, 5), d.Number(1, 5)));
    }

    public static void SpaceToDepth(NodeDraft d)
    {
        int block = d.Number(1, 3);
        d.Must("blocksize", (long)block);
        d.Feed(d.Values(ElementType.Float32, d.Number(1, 2), d.Number(1, 4), block * d.Number(1, 4), block * d.Number(1, 4)));
    }

    public static void Expand(NodeDraft d)
    {
        int[] to = d.Shape(0, 5), from = d.Broadcast(to);
        d.Feed(Any(d, from));
        d.Know(Tensor.Vector<long>([.. (d.Once(2) ? to : d.Broadcast(to)).Select(static s => (long)s)]));
    }

    public static void EyeLike(NodeDraft d)
    {
        d.May("k", (long)d.Number(-3, 3));
        d.May("dtype", (long)d.Any(ElementType.Float32, ElementType.Int64));
        d.Feed(d.Values(ElementType.Float32, d.Shape(2, 2)));
    }

    public static void Flatten(NodeDraft d)
    {
        int[] shape = d.Shape(1, 5);
        d.May("axis", (long)d.Number(d.Opset < 11 ? 0 : -shape.Length, shape.Length));
        d.Feed(Any(d, shape, d.Opset >= 9));
    }

    public static void Pad(NodeDraft d)
    {
        int[] shape = d.Filled(1, 5);
        string mode = d.Any("constant", "constant", "reflect", "edge", d.Opset < 19 ? "edge" : "wrap");
        long[] pads = [.. Enumerable.Range(0, 2 * shape.Length).Select(i =>
        {
            int size = shape[i % shape.Length];
            int most = mode switch { "reflect" => Math.Min(3, size - 1), "wrap" => Math.Min(3, size), _ => 3 };
            return (long)d.Number(mode == "constant" && size > 3 ? -1 : 0, most);
        })];
        if (mode != "constant" || d.Once(2)) d.Must("mode", mode);
        d.Feed(d.Values(ElementType.Float32, shape));
        if (d.Must("pads", pads) || d.Must("paddings", pads))
        {
            d.May("value", d.Parameter(-2, 2));
            return;
        }

        int[] axes = [.. Enumerable.Range(0, shape.Length)];
        bool hasAxes = d.Opset >= 18 && d.Once(3);
        int count = hasAxes ? d.Number(1, shape.Length) : shape.Length;
        d.Know(Tensor.Vector<long>([.. pads[..count], .. pads[shape.Length..(shape.Length + count)]]));
        if (d.Once(2)) d.Give(Tensor.Scalar(d.Parameter(-2, 2)));
        else if (hasAxes) d.Miss();
        if (hasAxes) d.Know(Tensor.Vector<long>([.. axes[..count].Select(a => (long)(d.Once(2) ? a - shape.Length : a))]));
    }

    public static void Range(NodeDraft d)
    {
        int step = d.Any(1, 2, -1, 3), start = d.Number(-5, 5), limit = start + step * d.Number(-1, 9);
        foreach (int value in new[] { start, limit, step })
        {
            if (d.Opset % 2 == 0) d.Know(Tensor.Scalar(value / 2f));
            else d.Know(Tensor.Scalar((long)value));
        }
    }

    public static void Reshape(NodeDraft d)
    {
        int[] shape = d.Shape(0, 5), to = [.. shape];
        if (to.Length > 1 && d.Once(2)) to = [.. to[..^2], to[^2] * to[^1]];
        if (d.Once(2)) to = [1, .. to];
        long[] wanted = [.. to.Select(static s => (long)s)];
        bool allowsZero = d.Opset >= 14 && d.Once(2) && d.Must("allowzero", 1L);
        for (int i = 0; i < wanted.Length && !allowsZero; i++)
        {
            if (wanted[i] == 0 && (i >= shape.Length || shape[i] != 0)) return; // zero means as before
            if (i < shape.Length && shape[i] == wanted[i] && d.Once(3)) wanted[i] = 0;
        }

        if (wanted.Length > 0 && !to.Contains(0) && d.Once(2)) wanted[d.Number(0, wanted.Length - 1)] = -1;
        d.Feed(Any(d, shape, d.Opset >= 5));
        d.May("consumed_inputs", new long[] { 0 });
        if (!d.Must("shape", wanted)) d.Know(Tensor.Vector<long>(wanted));
    }

    public static void Slice(NodeDraft d)
    {
        int[] shape = d.Shape(1, 5);
        long[] axes = d.Axes(shape.Length, 1);
        bool isOld = d.Opset < 10, hasSteps = !isOld && d.Once(2);
        long[] steps = [.. axes.Select(_ => hasSteps ? (long)d.Any(1, 2, 3, -1, -2) : 1)];
        long End(long axis)
        {
            int size = shape[(axis + shape.Length) % shape.Length];
            // Backwards ONNX Runtime takes the largest number for the first element, which ONNX does not say.
            return !d.Once(4) ? d.Number(-size - 1, size + 1) : hasSteps ? d.Any(-9999, 9999) : d.Any(long.MaxValue, int.MaxValue, -9999L, 9999L);
        }

        long[] starts = [.. axes.Select(End)], ends = [.. axes.Select(End)];
        bool allAxes = axes.SequenceEqual(Enumerable.Range(0, shape.Length).Select(static a => (long)a));
        d.Feed(Any(d, shape));
        d.List("starts", starts);
        d.List("ends", ends);
        if (!(allAxes && d.Once(2) && !hasSteps)) d.List("axes", axes);
        if (hasSteps) d.List("steps", steps);
    }

    public static void Split(NodeDraft d)
    {
        int[] shape = d.Filled(1, 5);
        long axis = d.Axis(shape.Length);
        int at = (int)(axis < 0 ? axis + shape.Length : axis);
        d.Outputs = d.Number(1, 4);
        long[] parts = [.. Enumerable.Range(0, d.Outputs).Select(_ => (long)d.Number(1, 4))];
        bool isEqual = d.Once(2);
        if (isEqual) Array.Fill(parts, parts[0]);
        shape[at] = (int)parts.Sum();
        d.Must("axis", axis);
        d.Feed(Any(d, shape, d.Opset >= 2));
        if (isEqual && d.Opset >= 2 && d.Once(2)) d.Must("num_outputs", (long)d.Outputs);
        else if (!d.Must("split", parts)) d.Know(Tensor.Vector<long>(parts));
    }

    public static void Squeeze(NodeDraft d)
    {
        int[] shape = [.. d.Shape(1, 5).Select(s => d.Once(2) ? 1 : s)];
        d.Feed(Any(d, shape));
        long[] ones = [.. Enumerable.Range(0, shape.Length).Where(a => shape[a] == 1)
            .Select(a => d.Opset >= 11 && d.Once(2) ? a - shape.Length : (long)a)];
        if (ones.Length > 0 && d.Once(2)) d.List("axes", ones[..d.Number(1, ones.Length)]);
    }

    public static void Unsqueeze(NodeDraft d)
    {
        int[] shape = d.Shape(0, 4);
        int added = d.Number(1, 2);
        int[] all = [.. Enumerable.Range(0, shape.Length + added)];
        d.Feed(Any(d, shape));
        int first = d.Number(0, all.Length - 1);
        long[] axes = added == 1 ? [first] : [first, (first + 1) % all.Length];
        d.List("axes", [.. axes.Select(a => d.Opset >= 11 && d.Once(2) ? a - all.Length : a)]);
    }

    public static void Tile(NodeDraft d)
    {
        int[] shape = d.Shape(d.Opset < 6 ? 1 : 0, 4);
        d.Feed(d.Values(ElementType.Float32, shape));
        if (d.Opset < 6)
        {
            d.Know(Tensor.Scalar((float)d.Number(1, 3)));
            d.Know(Tensor.Scalar((float)d.Number(0, shape.Length - 1)));
        }
        else d.Know(Tensor.Vector<long>([.. shape.Select(_ => (long)d.Number(d.Once(6) ? 0 : 1, 3))]));
    }

    public static void Transpose(NodeDraft d)
    {
        int[] shape = d.Shape(0, 5);
        if (shape.Length > 0) d.May("perm", d.Order(shape.Length));
        d.Feed(Any(d, shape));
    }

    public static void Trilu(NodeDraft d)
    {
        d.May("upper", (long)d.Number(0, 1));
        d.Feed(Any(d, d.Shape(2, 4)));
        if (d.Once(2)) d.Give(Tensor.Scalar((long)d.Number(-4, 4)));
    }

    public static void Unique(NodeDraft d)
    {
        int[] shape = d.Filled(1, 3);
        d.May("axis", d.Axis(shape.Length));
        d.May("sorted", (long)d.Number(0, 1));
        d.Feed(d.Once(2) ? d.Values(ElementType.Int64, shape) : Tensor.From<float>(
            new Shape(shape), [.. Enumerable.Range(0, new Shape(shape).ElementCount).Select(_ => d.Number(-2, 2) / 2f)]));
        d.Outputs = d.Number(1, 4);
    }

    /// <summary>Values of a type that moves.</summary>
    private static Tensor Any(NodeDraft d, int[] shape, bool anyType = true) =>
        d.Values(anyType ? d.Type(ElementType.Int64, ElementType.UInt8, ElementType.Bool, ElementType.Int32) : ElementType.Float32, shape);
}

using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Fuzz.Operators;

/// <summary>Nodes that move a window over one, two or three axes.</summary>
internal static class WindowDrafts
{
    public static void Pool(NodeDraft d)
    {
        int axes = Axes(d);
        int[] kernel = Windows(d, axes, 1, 3), shape = [d.Number(1, 2), d.Number(1, 9), .. Windows(d, axes, 5, 9)];
        Window(d, axes, kernel);
        d.Must("kernel_shape", Longs(kernel));
        d.May("count_include_pad", (long)d.Number(0, 1));
        d.May("ceil_mode", (long)d.Number(0, 1));
        if (d.OpType == "LpPool") d.Must("p", d.Opset < 2 ? (float)d.Number(1, 3) : (object)(long)d.Number(1, 3));
        d.Feed(d.Values(ElementType.Float32, shape));
        if (d.OpType == "MaxPool" && d.Opset >= 8 && d.Once(3)) d.Outputs = 2;
    }

    public static void Global(NodeDraft d)
    {
        d.May("p", d.Opset < 2 ? (float)d.Number(1, 3) : (object)(long)d.Number(1, 3));
        d.Feed(d.Values(ElementType.Float32, d.Filled(3, 5)));
    }

    public static void Conv(NodeDraft d)
    {
        int axes = Axes(d), groups = d.Any(1, 1, 2, 3), inputs = groups * d.Number(1, 5), outputs = groups * d.Number(1, 6);
        if (d.Once(4)) groups = outputs = inputs;
        int[] kernel = Windows(d, axes, 1, 4);
        Window(d, axes, kernel);
        if (groups > 1) d.Must("group", (long)groups);
        d.May("kernel_shape", Longs(kernel));
        Layer(d, [d.Number(1, 2), inputs, .. Windows(d, axes, 7, 11)], [outputs, inputs / groups, .. kernel], outputs);
    }

    public static void ConvTranspose(NodeDraft d)
    {
        int axes = Axes(d), groups = d.Any(1, 1, 2), inputs = groups * d.Number(1, 5), outputs = d.Number(1, 6);
        int[] kernel = Windows(d, axes, 2, 4), strides = Windows(d, axes, 1, 3);
        d.Must("strides", Longs(strides));
        if (d.Once(3)) d.Must("dilations", Longs(Windows(d, axes, 1, 2)));
        if (d.Once(2)) d.Must("pads", Longs(Windows(d, 2 * axes, 0, 1)));
        if (d.Once(3)) d.Must("output_padding", strides.Select(s => (long)d.Number(0, s - 1)).ToArray());
        if (groups > 1) d.Must("group", (long)groups);
        Layer(d, [d.Number(1, 2), inputs, .. Windows(d, axes, 2, 7)], [inputs, outputs, .. kernel], outputs * groups);
    }

    public static void ConvInteger(NodeDraft d)
    {
        int axes = d.Number(1, 2), inputs = d.Number(1, 5), outputs = d.Number(1, 6);
        int[] kernel = Windows(d, axes, 1, 3);
        Window(d, axes, kernel);
        d.Feed(d.Values(ElementType.UInt8, [d.Number(1, 2), inputs, .. Windows(d, axes, 6, 8)]));
        d.Give(d.Values(ElementType.UInt8, [outputs, inputs, .. kernel]));
        if (d.Once(2)) d.Give(d.Values(ElementType.UInt8));
        if (d.Inputs.Count == 3 && d.Once(2)) d.Give(d.Values(ElementType.UInt8));
    }

    public static void DeformConv(NodeDraft d)
    {
        int groups = d.Number(1, 2), inputs = groups * d.Number(1, 3), outputs = groups * d.Number(1, 3), size = d.Number(4, 7);
        int[] kernel = Windows(d, 2, 1, 3);
        int height = size - kernel[0] + 1, width = size - kernel[1] + 1, taps = kernel[0] * kernel[1];
        if (groups > 1) d.Must("group", (long)groups);
        d.Feed(d.Values(ElementType.Float32, 1, inputs, size, size));
        d.Give(d.Within(-2, 2, outputs, inputs / groups, kernel[0], kernel[1]));
        d.Give(d.Within(-1.4, 1.4, 1, 2 * taps, height, width));
        if (d.Once(2)) d.Give(d.Values(ElementType.Float32, outputs));
        else if (d.Once(2)) d.Miss();
        if (d.Inputs.Count == 4 && d.Once(2)) d.Give(d.Within(0, 1, 1, taps, height, width));
        else if (d.Inputs is [.., null]) d.Inputs.RemoveAt(3);
    }

    public static void MaxUnpool(NodeDraft d)
    {
        int axes = d.Number(1, 3), planes = d.Number(1, 3);
        int[] kernel = Windows(d, axes, 2, 3), small = Windows(d, axes, 1, 4);
        d.Must("kernel_shape", Longs(kernel));
        d.Must("strides", Longs(kernel));
        int[] shape = [1, planes, .. small], large = [.. small.Zip(kernel, static (s, k) => s * k)];
        d.Feed(d.Values(ElementType.Float32, shape));
        // One place each, in its own plane: as many places in the large one as there are elements in a window.
        int count = new Shape(shape).ElementCount, window = large.Aggregate(1, static (a, b) => a * b) / (count / planes);
        d.Give(Tensor.From<long>(new Shape(shape), [.. Enumerable.Range(0, count).Select(i => (long)i * window)]));
    }

    public static void MaxRoiPool(NodeDraft d)
    {
        d.Must("pooled_shape", Longs(Windows(d, 2, 1, 3)));
        int pictures = d.Number(1, 2);
        d.Feed(d.Values(ElementType.Float32, pictures, d.Number(1, 3), 8, 8));
        d.Give(Regions(d, d.Number(1, 3), pictures));
    }

    public static void Col2Im(NodeDraft d)
    {
        int axes = d.Number(1, 3);
        int[] block = Windows(d, axes, 1, 3), picture = Windows(d, axes, 3, 6);
        int blocks = picture.Zip(block, static (p, b) => p - b + 1).Aggregate(1, static (a, b) => a * b);
        d.Feed(d.Values(ElementType.Float32, d.Number(1, 2), d.Number(1, 3) * block.Aggregate(1, static (a, b) => a * b), blocks));
        d.Know(Tensor.Vector<long>(Longs(picture)));
        d.Know(Tensor.Vector<long>(Longs(block)));
    }

    private static Tensor Regions(NodeDraft d, int count, int pictures)
    {
        float[] One() => [d.Number(0, pictures - 1), d.Number(0, 3), d.Number(0, 3), d.Number(4, 7), d.Number(4, 7)];
        return Tensor.From<float>(new Shape(count, 5), [.. Enumerable.Range(0, count).SelectMany(_ => One())]);
    }

    private static void Layer(NodeDraft d, int[] x, int[] w, int outputs)
    {
        d.Feed(d.Values(ElementType.Float32, x));
        // Finite: whether an infinite weight meets the zeros around a picture is open.
        d.Give(d.Within(-2, 2, w));
        if (d.Once(2)) d.Give(d.Values(ElementType.Float32, outputs));
    }

    private static void Window(NodeDraft d, int axes, int[] kernel)
    {
        int[] strides = Windows(d, axes, 1, 3);
        bool isStrided = d.Once(2) && d.Must("strides", Longs(strides)), isDilated = d.Once(3) && d.Must("dilations", Longs(Windows(d, axes, 1, 2)));
        // ONNX Runtime's pools pad by less than nothing where a window is smaller than its stride, and leave dilations out.
        bool isSame = d.AllowsNothing || (!isDilated && !(isStrided && strides.Zip(kernel).Any(static p => p.First > p.Second)));
        if (d.Once(3)) return;
        if (d.Once(4)) d.Must("auto_pad", isSame ? d.Any("SAME_UPPER", "SAME_LOWER", "VALID") : "VALID");
        else
        {
            int share = d.OpType == "LpPool" ? 2 : 1;
            d.Must("pads", Enumerable.Range(0, 2 * axes).Select(i => (long)d.Number(0, (kernel[i % axes] - 1) / share)).ToArray());
        }
    }

    private static int Axes(NodeDraft d) => d.Any(1, 2, 2, 2, 2, 3);

    private static int[] Windows(NodeDraft d, int count, int low, int high) => [.. Enumerable.Range(0, count).Select(_ => d.Number(low, high))];

    private static long[] Longs(int[] values) => [.. values.Select(static v => (long)v)];
}

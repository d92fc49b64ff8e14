using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>Layers as exporters write them.</summary>
internal sealed partial class SeededGraph
{
    /// <summary>Convolution with bias over the last two axes.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="x">[N][C][H][W].</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="kernel">Height and width.</param>
    /// <param name="stride">In both directions.</param>
    /// <param name="groups">As many as channels make it depthwise.</param>
    /// <param name="dilation">In both directions.</param>
    /// <param name="gain">Factor on the variance of the weights.</param>
    public string Conv(string layer, string x, int filters, int kernel, int stride = 1, int groups = 1, int dilation = 1, double gain = 1) =>
        ConvOf(layer, x, filters, [kernel, kernel], [stride, stride], groups, [dilation, dilation], gain);

    /// <summary>Convolution with bias over any number of axes, padded by half of the window.</summary>
    public string ConvOf(string layer, string x, int filters, int[] kernel, int[] strides, int groups, int[] dilations, double gain = 1)
    {
        int[] from = Shape(x);
        int window = kernel.Aggregate(1, static (a, b) => a * b), fanIn = from[1] / groups * window;
        long[] pads = [.. kernel.Select((k, i) => (long)((k - 1) * dilations[i] / 2))];
        int[] shape = [from[0], filters, .. kernel.Select((k, i) =>
            (from[i + 2] + 2 * (int)pads[i] - (k - 1) * dilations[i] - 1) / strides[i] + 1)];
        return Op(OpTypes.Conv, layer, shape,
            [x, Weights($"{layer}.weight", 2 * gain / fanIn, [filters, from[1] / groups, .. kernel]), Weights($"{layer}.bias", 0.01, filters)],
            ("kernel_shape", Longs(kernel)), ("strides", Longs(strides)), ("pads", (long[])[.. pads, .. pads]), ("dilations", Longs(dilations)),
            ("group", (long)groups));
    }

    /// <summary>Transposed convolution by 2 with bias: 4x4 windows, padding 1.</summary>
    public string UpConv(string layer, string x, int filters)
    {
        int[] from = Shape(x);
        return Op(OpTypes.ConvTranspose, layer, [from[0], filters, 2 * from[2], 2 * from[3]],
            [x, Weights($"{layer}.weight", 2.0 / (4 * from[1]), from[1], filters, 4, 4), Weights($"{layer}.bias", 0.01, filters)],
            ("kernel_shape", new long[] { 4, 4 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
    }

    /// <summary>x · W + b over the last axis, as a product and a sum.</summary>
    public string Linear(string layer, string x, int outputs, double gain = 1) =>
        Add(layer, Product($"{layer}.matmul", x, outputs, $"{layer}.weight", gain), Weights($"{layer}.bias", 0.01, outputs));

    /// <summary>x · W over the last axis.</summary>
    public string Product(string layer, string x, int outputs, string? weights = null, double gain = 1)
    {
        int[] from = Shape(x);
        return Op(
            OpTypes.MatMul, layer, [.. from[..^1], outputs],
            [x, Weights(weights ?? $"{layer}.weight", gain / from[^1], from[^1], outputs)]);
    }

    /// <summary>Product of the last two axes.</summary>
    public string MatMul(string layer, string a, string b) => Op(OpTypes.MatMul, layer, [.. Shape(a)[..^1], Shape(b)[^1]], [a, b]);

    /// <summary>max(x, 0).</summary>
    public string Relu(string layer, string x) => Map(OpTypes.Relu, layer, x);

    /// <summary>x · sigmoid(x).</summary>
    public string Silu(string layer, string x) => Mul(layer, x, Map(OpTypes.Sigmoid, $"{layer}.sigmoid", x));

    /// <summary>x · Φ(x), as PyTorch's exporter writes it.</summary>
    public string Gelu(string layer, string x)
    {
        string erf = Map(OpTypes.Erf, $"{layer}.erf", Binary(OpTypes.Div, $"{layer}.div", x, Filled($"{layer}.root2", MathF.Sqrt(2))));
        return Mul(layer, Mul($"{layer}.mul", x, Add($"{layer}.add", erf, Filled($"{layer}.one", 1))), Filled($"{layer}.half", 0.5f));
    }

    /// <summary>LayerNormalization over the last axis.</summary>
    public string LayerNorm(string layer, string x)
    {
        int width = Shape(x)[^1];
        return Op(
            OpTypes.LayerNormalization, layer, Shape(x), [x, Filled($"{layer}.weight", 1, width), Weights($"{layer}.bias", 0.01, width)],
            ("axis", -1L),
            ("epsilon", 1e-5f));
    }

    /// <summary>Another shape for the same elements.</summary>
    public string Reshape(string layer, string x, params int[] shape) =>
        Op(OpTypes.Reshape, layer, shape, [x, Integers($"{layer}.shape", Longs(shape))]);

    /// <summary>Axes in another order.</summary>
    public string Transpose(string layer, string x, params int[] perm) =>
        Op(OpTypes.Transpose, layer, [.. perm.Select(axis => Shape(x)[axis])], [x], ("perm", Longs(perm)));

    /// <summary>Values side by side.</summary>
    public string Concat(string layer, int axis, params string[] parts)
    {
        int[] shape = [.. Shape(parts[0])];
        shape[axis] = parts.Sum(part => Shape(part)[axis]);
        return Op(OpTypes.Concat, layer, shape, parts, ("axis", (long)axis));
    }

    /// <summary>Elements from <paramref name="start"/> to before <paramref name="end"/> of an axis, <paramref name="step"/> apart.</summary>
    public string Slice(string layer, string x, int axis, int start, int end, int step = 1)
    {
        int[] shape = [.. Shape(x)];
        shape[axis] = (end - start + step - 1) / step;
        return Op(OpTypes.Slice, layer, shape,
            [x, Integers($"{layer}.starts", start), Integers($"{layer}.ends", end), Integers($"{layer}.axes", axis),
                Integers($"{layer}.steps", step)]);
    }

    /// <summary>Mean over all pixels of each channel.</summary>
    public string GlobalAveragePool(string layer, string x) =>
        Op(OpTypes.GlobalAveragePool, layer, [.. Shape(x)[..2], .. Enumerable.Repeat(1, Shape(x).Length - 2)], [x]);

    /// <summary>The largest of a square window, which is padded by half of it unless <paramref name="pad"/> says otherwise.</summary>
    public string MaxPool(string layer, string x, int kernel = 2, int stride = 2, int? pad = null) =>
        Pool(OpTypes.MaxPool, layer, x, kernel, stride, pad ?? (kernel - 1) / 2);

    /// <summary>Mean of 2x2 pixels.</summary>
    public string HalfByMean(string layer, string x) => Pool(OpTypes.AveragePool, layer, x, 2, 2, 0);

    /// <summary>A picture twice as high and wide.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="x">[N][C][H][W].</param>
    /// <param name="mode"><c>nearest</c> or <c>linear</c>.</param>
    public string Upsample(string layer, string x, string mode = "nearest")
    {
        int[] from = Shape(x);
        (string, object)[] attributes = mode == "nearest"
            ? [("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")]
            : [("mode", mode), ("coordinate_transformation_mode", "half_pixel")];
        return Op(OpTypes.Resize, layer, [from[0], from[1], 2 * from[2], 2 * from[3]],
            [x, "", Constant($"{layer}.scales", Tensor.Vector<float>(1, 1, 2, 2))], attributes);
    }

    /// <summary>Global pooling and a fully connected layer: the end of a classifier.</summary>
    public SeededGraph Classifier(string x, int classes)
    {
        string pooled = GlobalAveragePool("pool", x);
        int channels = Shape(pooled)[1];
        string flat = Op(OpTypes.Flatten, "flatten", [1, channels], [pooled], ("axis", 1L));
        Op(OpTypes.Gemm, "logits", [1, classes], [flat, Weights("fc.weight", 1.0 / channels, classes, channels), Weights("fc.bias", 0.01, classes)],
            ("transB", 1L));
        return Output("logits");
    }

    private string Pool(string opType, string layer, string x, int kernel, int stride, long pad)
    {
        int[] from = Shape(x);
        int To(int size) => (size + 2 * (int)pad - kernel) / stride + 1;
        return Op(opType, layer, [from[0], from[1], To(from[2]), To(from[3])], [x], ("kernel_shape", new long[] { kernel, kernel }),
            ("strides", new long[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
    }

    private static long[] Longs(int[] numbers) => [.. numbers.Select(static n => (long)n)];
}

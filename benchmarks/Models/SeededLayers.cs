using ResNetEdge.CommandLine;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models;

/// <summary>
/// Builds a network with seeded random weights, batch norms already folded, and keeps with every value how large it is: the same
/// network is thus quantised without any picture. fp32, NCHW, batch 1.
/// </summary>
/// <remarks>
/// Weights are uniform with He's variance 2 / fan-in (He et al., arXiv:1502.01852), so that a convolution behind a ReLU keeps the second
/// moment: m₂(out) = fan-in · var(w) · m₂(in). A ReLU halves it behind a convolution, an add of independent values sums it.
/// </remarks>
internal sealed class SeededLayers(string name, int seed)
{
    // An activation of a random network is close to normal; beyond that many deviations it is clipped.
    private const double RangeDeviations = 6;
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Magnitude> _magnitudes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Channels, int Height, int Width)> _sizes = new(StringComparer.Ordinal);

    /// <summary>The network so far.</summary>
    public Graph Graph { get; } = new() { Name = name };

    /// <summary>Channels of a value.</summary>
    public int Channels(string x) => _sizes[x].Channels;

    /// <summary>The input: a normalised picture, about −2.2 to 2.7.</summary>
    public string Input(int channels, int height, int width)
    {
        Graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, channels, height, width)));
        return Is("input", channels, height, width, Magnitude.Symmetric(1));
    }

    /// <summary>Square convolution with bias and padding (kernel − 1) / 2.</summary>
    /// <param name="layer">Name of the layer, of the node and of the value.</param>
    /// <param name="x">What it reads.</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="stride">Pixels from one window to the next, in both directions.</param>
    /// <param name="groups">Groups of the convolution; as many as channels make it depthwise.</param>
    /// <param name="gain">Factor on the output's second moment; below 1 at the end of a residual branch.</param>
    public string Conv(string layer, string x, int filters, int kernel, int stride = 1, int groups = 1, double gain = 1)
    {
        var (channels, height, width) = _sizes[x];
        int fanIn = channels / groups * kernel * kernel;
        long pad = (kernel - 1) / 2;
        double m2 = 2 * gain * _magnitudes[x].SecondMoment;
        Graph.Add(new Node(OpTypes.Conv, layer,
            [x, Weights(layer, new Shape(filters, channels / groups, kernel, kernel), 2 * gain / fanIn), Bias(layer, filters, m2)], [layer])
            .With("kernel_shape", new long[] { kernel, kernel }).With("strides", new long[] { stride, stride })
            .With("pads", new[] { pad, pad, pad, pad })
            .With("dilations", new long[] { 1, 1 }).With("group", (long)groups));
        return Is(layer, filters, Sliding(height, kernel, stride), Sliding(width, kernel, stride), Magnitude.Symmetric(m2));
    }

    /// <summary>max(x, 0).</summary>
    public string Relu(string layer, string x) => Activation(new Node(OpTypes.Relu, layer, [x], [layer]), x);

    /// <summary>min(max(x, 0), 6), as in MobileNetV2.</summary>
    public string Relu6(string layer, string x) =>
        Activation(new Node(OpTypes.Clip, layer, [x, Scalar("clip.min", 0), Scalar("clip.max", 6)], [layer]), x);

    /// <summary>Residual add.</summary>
    public string Add(string layer, string branch, string shortcut)
    {
        Graph.Add(new Node(OpTypes.Add, layer, [branch, shortcut], [layer]));
        return Like(layer, branch, _magnitudes[branch] + _magnitudes[shortcut]);
    }

    /// <summary>3×3 max pooling by 2, padding 1.</summary>
    public string MaxPool(string layer, string x)
    {
        var (channels, height, width) = _sizes[x];
        Graph.Add(new Node(OpTypes.MaxPool, layer, [x], [layer])
            .With("kernel_shape", new long[] { 3, 3 }).With("strides", new long[] { 2, 2 }).With("pads", new long[] { 1, 1, 1, 1 }));
        // The largest of nine half-normal values has about four times the second moment.
        return Is(layer, channels, Sliding(height, 3, 2), Sliding(width, 3, 2), 4 * _magnitudes[x]);
    }

    /// <summary>2×2 average pooling by 2.</summary>
    public string AveragePool(string layer, string x)
    {
        var (channels, height, width) = _sizes[x];
        Graph.Add(new Node(OpTypes.AveragePool, layer, [x], [layer]).With("kernel_shape", new long[] { 2, 2 }).With("strides", new long[] { 2, 2 }));
        return Is(layer, channels, height / 2, width / 2, _magnitudes[x]);
    }

    /// <summary>Values side by side along the channels.</summary>
    public string Concat(string layer, IReadOnlyList<string> parts)
    {
        Graph.Add(new Node(OpTypes.Concat, layer, parts, [layer]).With("axis", 1L));
        var (_, height, width) = _sizes[parts[0]];
        int channels = parts.Sum(Channels);
        return Is(layer, channels, height, width,
            parts.Aggregate(default(Magnitude), (sum, p) => sum + ((double)Channels(p) / channels * _magnitudes[p])));
    }

    /// <summary>Option A of He et al. §4.1: every second row and column, then zeros for the new channels, half before and half behind.</summary>
    public string OptionA(string layer, string x, int filters)
    {
        var (channels, height, width) = _sizes[x];
        string slice = Graph.Add(new Node(
            OpTypes.Slice, $"{layer}.slice",
            [x, Vector("slice.starts", 0, 0), Vector($"{layer}.ends", height, width), Vector("slice.axes", 2, 3), Vector("slice.steps", 2, 2)],
            [$"{layer}.slice"]));
        long before = (filters - channels) / 2;
        Graph.Add(new Node(OpTypes.Pad, layer,
            [slice, Vector($"{layer}.pads", 0, before, 0, 0, 0, filters - channels - before, 0, 0), Scalar("pad.value", 0)], [layer]));
        return Is(layer, filters, Sliding(height, 1, 2), Sliding(width, 1, 2), _magnitudes[x]);
    }

    /// <summary>Global average pooling and the classifier; ends the network.</summary>
    public Graph Classifier(string layer, string x, int classes)
    {
        int channels = Channels(x);
        string pooled = Is(Graph.Add(new Node(OpTypes.GlobalAveragePool, "avgpool", [x], ["avgpool"])), channels, 1, 1, _magnitudes[x]);
        string flat = Is(Graph.Add(new Node(OpTypes.Flatten, "flatten", [pooled], ["flatten"]).With("axis", 1L)), channels, 1, 1, _magnitudes[x]);
        double m2 = 2 * _magnitudes[x].SecondMoment;
        Graph.Add(new Node(OpTypes.Gemm, layer, [flat, Weights(layer, new Shape(classes, channels), 2.0 / channels), Bias(layer, classes, m2)],
            ["logits"]).With("transB", 1L));
        Graph.Outputs.Add(new("logits", ElementType.Float32, new Shape(1, classes)));
        return Graph;
    }

    /// <summary>The finished network as int8 QDQ, ranges taken from the magnitudes.</summary>
    public Graph Quantized()
    {
        var plan = new QuantizationPlan(Graph, LayerNames.None);
        var ranges = plan.Observed.GroupBy(plan.Root, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Parameters(g), StringComparer.Ordinal);
        var quantized = QdqPlacement.Apply(Graph, plan, ResidualScales.Own(ranges), LayerWeights.Quantize(Graph, plan, ranges));
        quantized.Name = Graph.Name + "-int8";
        return quantized;

        QuantizationParameters Parameters(IEnumerable<string> values)
        {
            var magnitudes = values.Select(v => _magnitudes[v]).ToArray();
            float largest = (float)(RangeDeviations * Math.Sqrt(magnitudes.Max(m => m.SecondMoment)));
            return QuantizationParameters.FromRange(magnitudes.All(m => m.IsPositive) ? 0 : -largest, largest);
        }
    }

    private string Activation(Node node, string x) =>
        Like(Graph.Add(node), x, new(_magnitudes[x].Positive, _magnitudes[x].Positive));

    private string Like(string value, string x, Magnitude magnitude) => Is(value, _sizes[x].Channels, _sizes[x].Height, _sizes[x].Width, magnitude);

    private string Is(string value, int channels, int height, int width, Magnitude magnitude)
    {
        _sizes.Add(value, (channels, height, width));
        _magnitudes.Add(value, magnitude);
        return value;
    }

    private string Weights(string layer, Shape shape, double variance) => Graph.Add($"{layer}.weight", Uniform(shape, Math.Sqrt(3 * variance)));

    private string Bias(string layer, int count, double secondMoment) =>
        Graph.Add($"{layer}.bias", Uniform(new Shape(count), 0.1 * Math.Sqrt(secondMoment)));

    private Tensor Uniform(Shape shape, double largest)
    {
        float[] values = new float[shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = ((_random.NextSingle() * 2) - 1) * (float)largest;
        return Tensor.From<float>(shape, values);
    }

    private string Scalar(string constant, float value)
    {
        Graph.Initializers.TryAdd(constant, Tensor.Scalar(value));
        return constant;
    }

    private string Vector(string constant, params ReadOnlySpan<long> values)
    {
        Graph.Initializers.TryAdd(constant, Tensor.Vector(values));
        return constant;
    }

    private static int Sliding(int size, int kernel, int stride) => ((size + (2 * ((kernel - 1) / 2)) - kernel) / stride) + 1;

    /// <summary>How large the elements of a value are.</summary>
    /// <param name="SecondMoment">Mean square.</param>
    /// <param name="Positive">What of it a ReLU would keep: half of it when symmetric around 0, all of it behind a ReLU.</param>
    private readonly record struct Magnitude(double SecondMoment, double Positive)
    {
        public bool IsPositive => SecondMoment == Positive;

        public static Magnitude Symmetric(double secondMoment) => new(secondMoment, secondMoment / 2);

        public static Magnitude operator +(Magnitude a, Magnitude b) => new(a.SecondMoment + b.SecondMoment, a.Positive + b.Positive);

        public static Magnitude operator *(double factor, Magnitude m) => new(factor * m.SecondMoment, factor * m.Positive);
    }
}

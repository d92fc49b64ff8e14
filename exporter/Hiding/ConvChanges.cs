using ResNetEdge.Exporter.Blocks;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Writes fitted convolutions into a graph, in float, or in int8 where what they read is quantised: weights per channel by
/// <see cref="WeightQuantizer"/>, each reader with a DequantizeLinear of its own, as the quantiser places them.
/// </summary>
/// <param name="graph">The network; not changed.</param>
/// <param name="suffix">Ends the names of what is new, so that none is the network's.</param>
internal sealed class ConvChanges(Graph graph, string suffix)
{
    /// <summary>A block's place taken by one convolution. Before: y = activation(branch(x) + shortcut(x)). After: y = activation(conv(x)).</summary>
    public GraphChange Replace(ResidualBlock block, FittedConv conv)
    {
        var nodes = new List<Node>();
        var constants = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        string name = $"{block.Name}{suffix}";
        var (input, scale) = Read(block.Entry, name, nodes);
        long pad = conv.Shape.Pad;
        string output = block.Activation is null ? block.Output : name;
        var node = new Node(OpTypes.Conv, name, [input, .. Parameters(name, conv, scale, nodes, constants)], [output])
            .With("kernel_shape", new long[] { conv.Shape.Kernel, conv.Shape.Kernel })
            .With("strides", new long[] { conv.Shape.Stride, conv.Shape.Stride })
            .With("pads", new[] { pad, pad, pad, pad }).With("dilations", new long[] { 1, 1 }).With("group", (long)conv.Shape.Groups);
        nodes.Add(node);
        if (block.Activation is { } activation)
            nodes.Add(new Node(activation.OpType, $"{name}.{activation.OpType}", [output, .. activation.Inputs.Skip(1)], [block.Output])
            {
                Attributes = activation.Attributes.Clone(),
            });
        return new(block.Output, nodes, constants);
    }

    /// <summary>A convolution of the network with other weights and bias.</summary>
    public GraphChange Refit(Node conv, FittedConv fitted)
    {
        var nodes = new List<Node>();
        var constants = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        string name = $"{conv.Name}{suffix}";
        nodes.Add(
            new Node(OpTypes.Conv, name, [conv.Inputs[0], .. Parameters(name, fitted, ScaleOf(conv.Inputs[0]), nodes, constants)], [conv.Output])
            {
                Attributes = conv.Attributes.Clone(),
            });
        return new(conv.Output, nodes, constants);
    }

    /// <summary>A convolution's weights and bias as floats; null when they are not constants, or its form is none that a fit can give.</summary>
    public FittedConv? Weights(Node conv)
    {
        if (Constant(conv.Input(1)) is not { Length: > 0 } weights || Shape(conv.Input(1)) is not { Rank: 4 } shape
            || shape[2] != shape[3] || shape[2] % 2 == 0)
            return null;
        long[] strides = conv.Attributes.Ints("strides") ?? [1, 1],
            pads = conv.Attributes.Ints("pads") ?? [0, 0, 0, 0], dilations = conv.Attributes.Ints("dilations") ?? [1, 1];
        int groups = (int)conv.Attributes.Int("group", 1);
        if (strides[0] != strides[1] || pads.Any(p => p != shape[2] / 2) || dilations.Any(d => d != 1)
            || conv.Attributes.String("auto_pad", "NOTSET") != "NOTSET")
            return null;
        float[]? bias = conv.Input(2).Length == 0 ? new float[shape[0]] : Constant(conv.Input(2));
        return bias is null ? null : new(weights, bias, new(shape[1] * groups, shape[0], shape[2], (int)strides[0], groups));
    }

    // The float form of a value that may be quantised, and the scale it is quantised with.
    private (string Value, float? Scale) Read(string entry, string name, List<Node> nodes)
    {
        if (Producer(entry) is not { OpType: OpTypes.QuantizeLinear } quantize) return (entry, ScaleOf(entry));
        string value = $"{name}.input";
        nodes.Add(new Node(OpTypes.DequantizeLinear, value, [entry, .. quantize.Inputs.Skip(1)], [value]));
        return (value, graph.Initializers[quantize.Inputs[1]].ToFloats()[0]);
    }

    private float? ScaleOf(string value) =>
        Producer(value) is { OpType: OpTypes.DequantizeLinear } dequantize ? graph.Initializers[dequantize.Inputs[1]].ToFloats()[0] : null;

    private static string[] Parameters(string name, FittedConv conv, float? inputScale, List<Node> nodes, Dictionary<string, Tensor> constants)
    {
        var shape = conv.Shape;
        var weights = Tensor.From<float>(new Shape(shape.Outputs, shape.Inputs / shape.Groups, shape.Kernel, shape.Kernel), conv.Weights);
        if (inputScale is not { } scale)
        {
            constants.Add($"{name}.weight", weights);
            constants.Add($"{name}.bias", Tensor.Vector<float>(conv.Bias));
            return [$"{name}.weight", $"{name}.bias"];
        }

        var quantized = WeightQuantizer.Quantize(name, weights, 0, Tensor.Vector<float>(conv.Bias), scale);
        return
        [
            Dequantize($"{name}.weight", quantized.Weights, quantized.Scales, Tensor.Vector<sbyte>(new sbyte[shape.Outputs])),
            Dequantize($"{name}.bias", quantized.Bias!, quantized.BiasScales, Tensor.Vector<int>(new int[shape.Outputs])),
        ];

        string Dequantize(string stem, Tensor values, Tensor scales, Tensor zeroPoints)
        {
            constants.Add($"{stem}_quantized", values);
            constants.Add($"{stem}_scale", scales);
            constants.Add($"{stem}_zero_point", zeroPoints);
            nodes.Add(new Node(OpTypes.DequantizeLinear, $"{stem}_DequantizeLinear", [$"{stem}_quantized", $"{stem}_scale", $"{stem}_zero_point"],
                [stem]).With("axis", 0L));
            return stem;
        }
    }

    private Node? Producer(string value) => graph.Nodes.Find(n => n.Outputs.Contains(value));

    private Shape? Shape(string value) =>
        (graph.Constant(value) ?? (Producer(value) is { OpType: OpTypes.DequantizeLinear } d ? graph.Constant(d.Input(0)) : null))?.Shape;

    // A constant's floats, dequantised along its first axis if need be.
    private float[]? Constant(string value)
    {
        if (graph.Constant(value) is { } plain) return plain.ToFloats();
        if (Producer(value) is not { OpType: OpTypes.DequantizeLinear } node || graph.Constant(node.Input(0)) is not { } stored
            || graph.Constant(node.Input(1)) is not { } scale)
            return null;
        if (stored.Shape.Rank == 0
            || (scale.Shape.ElementCount != 1 && (node.Attributes.Int("axis", 1) != 0 || scale.Shape.ElementCount != stored.Shape[0])))
            return null;
        float[] values = stored.ToFloats(), scales = scale.ToFloats();
        float[] zeros = node.Input(2).Length > 0 && graph.Constant(node.Input(2)) is { } zeroPoint ? zeroPoint.ToFloats() : [0];
        int inner = values.Length / stored.Shape[0];
        for (int i = 0; i < values.Length; i++)
            values[i] = (values[i] - zeros[zeros.Length == 1 ? 0 : i / inner]) * scales[scales.Length == 1 ? 0 : i / inner];
        return values;
    }
}

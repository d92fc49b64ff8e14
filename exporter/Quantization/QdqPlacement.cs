using ResNetEdge.Exporter.Quantization.Pixels;
using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Float graph → the same graph with QuantizeLinear and DequantizeLinear placed so that an engine can fuse them.
/// Before: x → Conv(w, b) → Relu → y. After: x → Q → DQ → Conv(DQ(w s8, per channel), DQ(b s32)) → Relu → Q → y.
/// </summary>
/// <remarks>
/// Opset 17. Each quantised value has one Q; each reader has a DQ of its own, the form that ONNX Runtime's fusions expect. Values keep their names,
/// so a value of the float graph can be compared with the same value here. Graph outputs, and layers kept in fp32, read the float value.
/// </remarks>
internal sealed class QdqPlacement
{
    private readonly Graph _source;
    private readonly QuantizationPlan _plan;
    private readonly AlignedScales _scales;
    private readonly IReadOnlyDictionary<string, QuantizedWeights> _weights;
    private readonly PixelInput? _pixels;
    private readonly Graph _result;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string> _quantized = new(StringComparer.Ordinal); // float value → its u8 form
    private readonly Dictionary<string, (string Scale, string ZeroPoint)> _constants = new(StringComparer.Ordinal); // root of group → its parameters

    private QdqPlacement(
        Graph source, QuantizationPlan plan, AlignedScales scales, IReadOnlyDictionary<string, QuantizedWeights> weights, PixelInput? pixels)
    {
        (_source, _plan, _scales, _weights, _pixels) = (source, plan, scales, weights, pixels);
        _result = source.Clone();
        _result.Opset = Graph.WrittenOpset;
        _result.Nodes.Clear();
        _names = [.. source.Nodes.SelectMany(n => n.Outputs.Append(n.Name)), .. source.Initializers.Keys, .. source.Inputs.Select(i => i.Name)];
    }

    /// <summary>Makes the quantised graph.</summary>
    /// <param name="source">Float graph, BatchNorms folded; not changed.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="scales">Scale and zero point by root of group (<see cref="QuantizationPlan.Root"/>).</param>
    /// <param name="weights">Of every int8 layer, by its name (<see cref="LayerWeights"/>).</param>
    /// <param name="pixels">The input that is quantised by channel, or null.</param>
    public static Graph Apply(
        Graph source,
        QuantizationPlan plan,
        AlignedScales scales,
        IReadOnlyDictionary<string, QuantizedWeights> weights,
        PixelInput? pixels = null) => new QdqPlacement(source, plan, scales, weights, pixels).Apply();

    private Graph Apply()
    {
        foreach (var input in _source.Inputs) Quantize(input.Name);
        foreach (var original in _source.Nodes)
        {
            var node = original.Clone();
            if (_plan.Int8Nodes.Contains(node.Name)) Dequantize(node, original);
            _result.Nodes.Add(node);
            foreach (string output in node.Outputs) Quantize(output);
        }

        var read = _result.Nodes.SelectMany(n => n.Inputs).Concat(_result.Outputs.Select(o => o.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (string name in _result.Initializers.Keys.Where(name => !read.Contains(name)).ToList()) _result.Initializers.Remove(name);
        return _result;
    }

    private void Quantize(string value)
    {
        if (!_plan.IsQuantized(value)) return;
        if (value == _pixels?.Input)
        {
            QuantizePixels(_pixels);
            return;
        }

        var (scale, zeroPoint) = Parameters(value);
        _quantized[value] = _result.Add(
            new Node(OpTypes.QuantizeLinear, Unique(value + "_QuantizeLinear"), [value, scale, zeroPoint], [Unique(value + "_quantized")]));
    }

    private void QuantizePixels(PixelInput pixels)
    {
        string value = pixels.Input;
        if (pixels.Pads.Any(p => p > 0))
        {
            var pads = Tensor.Vector(0L, 0, pixels.Pads[0], pixels.Pads[1], 0, 0, pixels.Pads[2], pixels.Pads[3]);
            value = _result.Add(
                new Node(OpTypes.Pad, Unique(value + "_Pad"), [value, _result.Add(Unique(value + "_pads"), pads)], [Unique(value + "_padded")]));
        }

        string scales = _result.Add(Unique(pixels.Input + "_channel_scales"), Tensor.Vector<float>(pixels.Scales));
        string zeroPoints = _result.Add(Unique(pixels.Input + "_channel_zero_points"), Tensor.Vector<byte>(pixels.ZeroPoints));
        _quantized[pixels.Input] = _result.Add(
            new Node(OpTypes.QuantizeLinear, Unique(pixels.Input + "_QuantizeLinear"), [value, scales, zeroPoints],
                [Unique(pixels.Input + "_quantized")]).With("axis", 1L));
    }

    private void Dequantize(Node node, Node original)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            string value = original.Inputs[i];
            if (!_plan.ReadsQuantized(original, value)) continue;
            var (scale, zeroPoint) = Parameters(value);
            node.Inputs[i] = _result.Add(
                new Node(OpTypes.DequantizeLinear, Unique(value + "_DequantizeLinear"), [_quantized[value], scale, zeroPoint],
                    [Unique(value + "_dequantized")]));
            if (_scales.Requantized.TryGetValue((original.Name, value), out var again)) node.Inputs[i] = QuantizeAgain(node.Inputs[i], value, again);
        }

        if (_plan.StoresInt8Weights(original, _source)) StoreWeights(node, original);
        if (QuantizationPlan.WeightAxis(original, _source) is { } axis && _plan.IsQuantized(original.Input(0))) QuantizeWeights(node, original, axis);
        if (_pixels?.IsReadBy(original) == true) node.With("auto_pad", "NOTSET").With("pads", new long[4]);
    }

    private string QuantizeAgain(string dequantized, string value, QuantizationParameters parameters)
    {
        string scale = _result.Add(Unique(value + "_add_scale"), Tensor.Scalar(parameters.Scale)),
            zeroPoint = _result.Add(Unique(value + "_add_zero_point"), Tensor.Scalar(parameters.ZeroPoint));
        string quantized = _result.Add(new Node(
            OpTypes.QuantizeLinear, Unique(value + "_add_QuantizeLinear"), [dequantized, scale, zeroPoint], [Unique(value + "_add_quantized")]));
        return _result.Add(new Node(
            OpTypes.DequantizeLinear, Unique(value + "_add_DequantizeLinear"), [quantized, scale, zeroPoint], [Unique(value + "_add_dequantized")]));
    }

    private void QuantizeWeights(Node node, Node original, int axis)
    {
        string weights = original.Input(1), bias = original.Input(2) is { Length: > 0 } given ? given : weights + "_bias";
        var quantized = _weights[original.Name];
        int channels = quantized.Scales.Shape[0];
        node.Inputs[1] = Constant(weights, axis, quantized.Weights, quantized.Scales, Tensor.Vector<sbyte>(new sbyte[channels]));
        if (quantized.Bias is null) return;
        string dequantized = Constant(bias, 0, quantized.Bias, quantized.BiasScales, Tensor.Vector<int>(new int[channels]));
        if (node.Inputs.Count < 3) node.Inputs.Add(dequantized);
        else node.Inputs[2] = dequantized;
    }

    // W and R of a recurrent layer, [direction][gate · hidden][from]: a scale for each row, which both directions share.
    private void StoreWeights(Node node, Node original)
    {
        const int rows = 1;
        var traits = OperatorTable.TraitsOf(original);
        for (int i = 0; i < original.Inputs.Count; i++)
        {
            if (traits.RoleOf(i) != InputRole.Weight) continue;
            string name = original.Inputs[i];
            var weights = WeightQuantizer.Quantize(original.Name, _source.Constant(name)!, rows, null, inputScale: 1);
            node.Inputs[i] = Constant(name, rows, weights.Weights, weights.Scales, Tensor.Vector<sbyte>(new sbyte[weights.Scales.Shape[0]]));
        }
    }

    private string Constant(string name, int axis, Tensor values, Tensor scales, Tensor zeroPoints) => _result.Add(new Node(
        OpTypes.DequantizeLinear,
        Unique(name + "_DequantizeLinear"),
        [
            _result.Add(Unique(name + "_quantized"), values),
            _result.Add(Unique(name + "_scale"), scales),
            _result.Add(Unique(name + "_zero_point"), zeroPoints),
        ],
        [Unique(name + "_dequantized")]).With("axis", (long)axis));

    // One pair of constants for all values that share a scale.
    private (string Scale, string ZeroPoint) Parameters(string value)
    {
        string root = _plan.Root(value);
        if (!_constants.TryGetValue(root, out var names))
        {
            var parameters = root == _pixels?.Input ? _pixels.Parameters : _scales.Parameters[root];
            names = (_result.Add(Unique(root + "_scale"), Tensor.Scalar(parameters.Scale)),
                _result.Add(Unique(root + "_zero_point"), Tensor.Scalar(parameters.ZeroPoint)));
            _constants.Add(root, names);
        }

        return names;
    }

    private string Unique(string name)
    {
        string candidate = name;
        for (int i = 2; !_names.Add(candidate); i++) candidate = $"{name}_{i}";
        return candidate;
    }
}

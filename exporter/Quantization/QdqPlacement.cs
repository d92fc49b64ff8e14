using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Float graph → the same graph with QuantizeLinear and DequantizeLinear placed so that an engine can fuse them.
/// Before: x → Conv(w, b) → Relu → y. After: x → Q → DQ → Conv(DQ(w s8, per channel), DQ(b s32)) → Relu → Q → y.
/// </summary>
/// <remarks>
/// Opset 17. Each quantised value has one Q; each reader has a DQ of its own, the form that ONNX Runtime's fusions expect. Values keep their names, so a value
/// of the float graph can be compared with the same value here. Graph outputs, and layers kept in fp32, read the float value.
/// </remarks>
internal sealed class QdqPlacement
{
    private readonly Graph _source;
    private readonly QuantizationPlan _plan;
    private readonly IReadOnlyDictionary<string, QuantizationParameters> _parameters;
    private readonly Graph _result;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string> _quantized = new(StringComparer.Ordinal); // float value → its u8 form
    private readonly Dictionary<string, (string Scale, string ZeroPoint)> _constants = new(StringComparer.Ordinal); // root of group → its parameters

    private QdqPlacement(Graph source, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters)
    {
        (_source, _plan, _parameters) = (source, plan, parameters);
        _result = source.Clone();
        _result.Opset = Graph.WrittenOpset;
        _result.Nodes.Clear();
        _names = [.. source.Nodes.SelectMany(n => n.Outputs.Append(n.Name)), .. source.Initializers.Keys, .. source.Inputs.Select(i => i.Name)];
    }

    /// <summary>Makes the quantised graph.</summary>
    /// <param name="source">Float graph, BatchNorms folded; not changed.</param>
    /// <param name="plan">Made from the same graph.</param>
    /// <param name="parameters">Scale and zero point by root of group (<see cref="QuantizationPlan.Root"/>).</param>
    /// <exception cref="EdgeException">Exit 3: weights that cannot be quantised.</exception>
    public static Graph Apply(Graph source, QuantizationPlan plan, IReadOnlyDictionary<string, QuantizationParameters> parameters) =>
        new QdqPlacement(source, plan, parameters).Apply();

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
        var (scale, zeroPoint) = Parameters(value);
        _quantized[value] = _result.Add(new Node("QuantizeLinear", Unique(value + "_QuantizeLinear"), [value, scale, zeroPoint], [Unique(value + "_quantized")]));
    }

    private void Dequantize(Node node, Node original)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            string value = original.Inputs[i];
            if (!_plan.IsQuantized(value)) continue;
            var (scale, zeroPoint) = Parameters(value);
            node.Inputs[i] = _result.Add(
                new Node("DequantizeLinear", Unique(value + "_DequantizeLinear"), [_quantized[value], scale, zeroPoint], [Unique(value + "_dequantized")]));
        }

        if (QuantizationPlan.WeightAxis(original, _source) is { } axis && _plan.IsQuantized(original.Input(0))) QuantizeWeights(node, original, axis);
    }

    private void QuantizeWeights(Node node, Node original, int axis)
    {
        string weights = original.Input(1), bias = original.Input(2);
        var quantized = WeightQuantizer.Quantize(
            node.Name, _source.Initializers[weights], axis, bias.Length == 0 ? null : _source.Initializers[bias], _parameters[_plan.Root(original.Input(0))].Scale);

        int channels = quantized.Scales.Shape[0];
        node.Inputs[1] = Constant(weights, axis, quantized.Weights, quantized.Scales, Tensor.Vector<sbyte>(new sbyte[channels]));
        if (quantized.Bias is not null) node.Inputs[2] = Constant(bias, 0, quantized.Bias, quantized.BiasScales, Tensor.Vector<int>(new int[channels]));
    }

    private string Constant(string name, int axis, Tensor values, Tensor scales, Tensor zeroPoints) => _result.Add(new Node(
        "DequantizeLinear",
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
            names = (_result.Add(Unique(root + "_scale"), Tensor.Scalar(_parameters[root].Scale)), _result.Add(Unique(root + "_zero_point"), Tensor.Scalar(_parameters[root].ZeroPoint)));
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

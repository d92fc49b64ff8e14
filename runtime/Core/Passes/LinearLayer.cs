using ResNetEdge.Model;

namespace ResNetEdge.Passes;

/// <summary>A Conv, Gemm or MatMul whose weights and bias are float constants, while arithmetic behind it is folded into them.</summary>
internal sealed class LinearLayer
{
    private readonly Node _node;
    private readonly Tensor _weights;
    private readonly int _channels, _rank, _axis;
    private readonly bool _hasChannelsFirst;
    private float[]? _scaled;
    private float[] _bias;
    private bool _hasBias;

    private LinearLayer(Node node, Tensor weights, int rank)
    {
        (_node, _weights, _rank, Output) = (node, weights, rank, node.Output);
        _axis = node.OpType == OpTypes.Conv ? 1 : rank - 1;
        _hasChannelsFirst = node.OpType == OpTypes.Conv || node.Attributes.Int("transB", 0) != 0;
        _channels = weights.Shape[_hasChannelsFirst ? 0 : 1];
        _bias = new float[_channels];
    }

    /// <summary>The value that it gives.</summary>
    public string Output { get; private set; }

    /// <summary>Whether anything was taken.</summary>
    public bool HasChanged => Output != _node.Output;

    /// <summary>Whether a node may be one.</summary>
    public static bool IsLayer(Node node) => node is { OpType: OpTypes.Conv or OpTypes.Gemm or OpTypes.MatMul, Domain.Length: 0 };

    /// <summary>The layer, or null when its constants are not known, or shared by rows.</summary>
    /// <param name="graph">Holds the constants.</param>
    /// <param name="node">The node.</param>
    /// <param name="rank">Of what it reads.</param>
    public static LinearLayer? Of(Graph graph, Node node, int rank)
    {
        if (graph.Constant(node.Inputs[1]) is not { Type: ElementType.Float32 } weights || weights.Shape.ElementCount == 0) return null;
        if (rank < 2 || (node.OpType != OpTypes.Conv && weights.Shape.Rank != 2)) return null;
        if (node.Attributes.Float("alpha", 1) != 1 || node.Attributes.Float("beta", 1) != 1) return null;
        var layer = new LinearLayer(node, weights, rank);
        return node.OpType == OpTypes.MatMul || node.Input(2).Length == 0 || layer.TryBias(graph.Constant(node.Inputs[2])) ? layer : null;
    }

    /// <summary>Does a node's arithmetic with the constants, if it is such that the layer can do it.</summary>
    public bool TryTake(Graph graph, Node node)
    {
        if (node.OpType is not (OpTypes.Add or OpTypes.Sub or OpTypes.Mul or OpTypes.Div) || node.Inputs[0] == node.Inputs[1]) return false;
        int side = node.Inputs[0] == Output ? 1 : 0;
        if (side == 0 && node.OpType is OpTypes.Sub or OpTypes.Div) return false;
        if (graph.Constant(node.Inputs[side]) is not { } constant || PerChannel(constant) is not { } numbers) return false;
        bool isShift = node.OpType is OpTypes.Add or OpTypes.Sub;
        if (isShift ? !TryShift(numbers, node.OpType == OpTypes.Sub) : !TryScale(numbers, node.OpType == OpTypes.Div)) return false;
        Output = node.Output;
        return true;
    }

    /// <summary>Writes the layer as it has become. New names: other nodes may share the old constants.</summary>
    public void Store(Graph graph, FreshNames names, Dictionary<string, TensorInfo> values)
    {
        var x = values[_node.Inputs[0]].Shape;
        if (_scaled is not null)
            _node.Inputs[1] = graph.AddConstant(names, $"{_node.Name}.weight.folded", Tensor.From<float>(_weights.Shape, _scaled));
        _node.Outputs[0] = Output;
        if (!_hasBias) return;
        string bias = graph.AddConstant(names, $"{_node.Name}.bias.folded", Tensor.Vector<float>(_bias));
        if (_node.Inputs.Count > 2) _node.Inputs[2] = bias;
        else _node.Inputs.Add(bias);
        if (_node.OpType != OpTypes.MatMul) return;
        int at = graph.Nodes.IndexOf(_node);
        var gemm = graph.Nodes[at] = new Node(OpTypes.Gemm, _node.Name, _node.Inputs, _node.Outputs);
        if (x.Rank > 2) RowReshapes.Around(graph, names, at, gemm, x, values[Output].Shape);
    }

    private bool TryBias(Tensor? bias)
    {
        if (bias is not { Type: ElementType.Float32 }) return false;
        if ((_node.OpType == OpTypes.Conv ? bias.ToFloats() : PerChannel(bias)) is not { } numbers) return false;
        (_bias, _hasBias) = (numbers, true);
        return numbers.Length == _channels;
    }

    private bool TryShift(float[] numbers, bool isNegative)
    {
        float[] bias = [.. _bias.Select((b, c) => isNegative ? b - numbers[c] : b + numbers[c])];
        if (!Array.TrueForAll(bias, float.IsFinite)) return false;
        (_bias, _hasBias) = (bias, true);
        return true;
    }

    private bool TryScale(float[] numbers, bool isInverse)
    {
        ReadOnlySpan<float> from = _scaled ?? _weights.As<float>();
        float[] values = new float[from.Length], bias = new float[_channels];
        int each = values.Length / _channels;
        for (int i = 0; i < values.Length; i++) values[i] = Scaled(from[i], _hasChannelsFirst ? i / each : i % _channels);
        for (int c = 0; c < bias.Length; c++) bias[c] = Scaled(_bias[c], c);
        if (!Array.TrueForAll(values, float.IsFinite) || !Array.TrueForAll(bias, float.IsFinite)) return false;
        (_scaled, _bias) = (values, bias);
        return true;

        float Scaled(float value, int channel) => isInverse ? value / numbers[channel] : value * numbers[channel];
    }

    /// <summary>A constant that holds one number for each channel or one for all and does not spread the output, as one for each channel.</summary>
    private float[]? PerChannel(Tensor constant)
    {
        var shape = constant.Shape;
        if (constant.Type != ElementType.Float32 || shape.Rank > _rank) return null;
        if (shape.ElementCount == 1) return [.. Enumerable.Repeat(constant.As<float>()[0], _channels)];
        int fromEnd = _rank - _axis;
        return shape.ElementCount == _channels && shape.Rank >= fromEnd && shape[^fromEnd] == _channels ? constant.ToFloats() : null;
    }
}

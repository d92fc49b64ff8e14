using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Which channels of a network's values can be multiplied by a positive factor together without changing what the network computes, because a Conv or
/// Gemm before or after takes the factor into its weights. A channel of the shortcut is one class with all channels that are added to it.
/// </summary>
internal sealed class ChannelClasses
{
    private readonly Dictionary<string, int> _first = new(StringComparer.Ordinal); // value → number of its channel 0
    private readonly List<int> _parents = [0]; // union-find over channels; number 0 stands for "must stay as it is"
    private readonly Dictionary<string, TensorInfo> _values;

    /// <summary>Finds the classes of a graph.</summary>
    public ChannelClasses(Graph graph)
    {
        _values = ShapeInference.Infer(graph);
        foreach (var info in _values.Values.Where(v => !graph.Initializers.ContainsKey(v.Name)))
        {
            _first.Add(info.Name, _parents.Count);
            for (int c = 0; c < Channels(info.Name); c++) _parents.Add(_parents.Count);
        }

        foreach (var value in graph.Inputs.Concat(graph.Outputs)) Fix(value.Name);
        foreach (var node in graph.Nodes)
        {
            if (!Joins(graph, node)) Fix([.. node.Inputs.Where(_first.ContainsKey), .. node.Outputs.Where(_first.ContainsKey)]);
        }
    }

    /// <summary>Channels of a value: axis 1.</summary>
    public int Channels(string value) => _values[value].Shape is { Rank: >= 2 } shape ? shape[1] : 1;

    /// <summary>The class of a channel; 0 when it must stay as it is, as constants must.</summary>
    public int Of(string value, int channel)
    {
        if (!_first.TryGetValue(value, out int first)) return 0;
        int at = first + channel;
        while (_parents[at] != at) at = _parents[at] = _parents[_parents[at]];
        return at;
    }

    private void Join(string a, int channelOfA, string b, int channelOfB)
    {
        int x = Of(a, channelOfA), y = Of(b, channelOfB);
        _parents[Math.Max(x, y)] = Math.Min(x, y); // so that 0 stays a root
    }

    private void Fix(params string[] values)
    {
        foreach (string value in values)
        {
            for (int c = 0; c < Channels(value); c++) _parents[Of(value, c)] = 0;
        }
    }

    // False for an operator that does not let a positive factor through.
    private bool Joins(Graph graph, Node node)
    {
        switch (node.OpType)
        {
            case OpTypes.Conv or OpTypes.ConvTranspose: return QuantizationPlan.WeightAxis(node, graph) is not null;
            case OpTypes.Gemm:
                Fix(node.Output);
                return QuantizationPlan.WeightAxis(node, graph) is not null;
            case OpTypes.Flatten when _values[node.Input(0)].Shape.ElementCount == Channels(node.Input(0)):
                return JoinAll(node.Input(0), node.Output, 0);
            case OpTypes.Add when node.Inputs.All(i => _first.ContainsKey(i) && _values[i].Shape == _values[node.Output].Shape):
                return JoinAll(node.Input(0), node.Output, 0) && JoinAll(node.Input(1), node.Output, 0);
            case OpTypes.Slice when graph.Constant(node.Input(3))?.ToInt64s() is { } axes && axes.All(axis => axis >= 2):
                return JoinAll(node.Input(0), node.Output, 0);
            case OpTypes.Pad when Pad.FillsZeros(node, graph)
                && graph.Constant(node.Input(1))?.ToInt64s() is [0, >= 0 and var front, ..] pads && pads.All(p => p >= 0):
                return JoinAll(node.Input(0), node.Output, (int)front);
            case OpTypes.Concat when node.Attributes.Int("axis", 0) == 1 && node.Inputs.All(_first.ContainsKey):
                int offset = 0;
                foreach (string input in node.Inputs)
                {
                    JoinAll(input, node.Output, offset);
                    offset += Channels(input);
                }

                return true;
            default: return OperatorTable.TraitsOf(node).PassesPositiveFactor && node.Outputs.Count == 1 && JoinAll(node.Input(0), node.Output, 0);
        }
    }

    private bool JoinAll(string from, string to, int offset)
    {
        for (int c = 0; c < Channels(from); c++) Join(from, c, to, c + offset);
        return true;
    }
}

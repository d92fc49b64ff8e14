using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Values of a float graph that are functions of one other value, element by element, through one node or several: x·sigmoid(x), GELU written out,
/// a HardSwish. Quantised they are a table of 256 bytes, so nothing between is rounded.
/// </summary>
internal sealed class ElementwiseFunctions
{
    private readonly Graph _graph;
    private readonly Dictionary<string, TensorInfo> _values;
    private readonly Dictionary<string, Node> _makers;
    private readonly ILookup<string, Node> _readers;
    private readonly Func<Node, bool> _mayBeInt8;
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _functions;

    /// <summary>Finds all of a graph.</summary>
    /// <param name="graph">Float graph, nodes in order.</param>
    /// <param name="mayBeInt8">Whether a node is not kept in fp32.</param>
    public ElementwiseFunctions(Graph graph, Func<Node, bool> mayBeInt8)
    {
        (_graph, _values, _mayBeInt8) = (graph, ShapeInference.Infer(graph), mayBeInt8);
        _makers = graph.Nodes.SelectMany(n => n.Outputs.Where(o => o.Length > 0).Select(o => (o, n)))
            .ToDictionary(p => p.o, p => p.n, StringComparer.Ordinal);
        _readers = graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(input => (input, n)))
            .ToLookup(p => p.input, p => p.n, StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
            if (FindSource(node) is { } source) _sources.Add(node.Output, source);
        _functions = _sources.ToLookup(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }

    /// <summary>The value that a value is a function of; null when it is none.</summary>
    public string? SourceOf(string value) => _sources.GetValueOrDefault(value);

    /// <summary>All functions of a value.</summary>
    public IEnumerable<string> Of(string value) => _functions[value];

    /// <summary>Whether a node combines values that layers make, so that it can compute in int8: a residual Add, a gate, a PRelu.</summary>
    public bool IsOfSeveral(Node node) =>
        Rule(node) == QuantizationRule.FollowsReaders && OperatorTable.TraitsOf(node).Elements == ElementFlow.Combined
        && !_sources.ContainsKey(node.Output) && Variables(node).Count() + TrainedOnes(node) >= 2 && Variables(node).Any(IsMadeInInt8);

    private string? FindSource(Node node)
    {
        if (Rule(node) != QuantizationRule.FollowsReaders || !_mayBeInt8(node) || IsEpilogue(node) || TrainedOnes(node) > 0) return null;
        string[] sources = [.. Variables(node).Select(v => _sources.GetValueOrDefault(v, v)).Distinct(StringComparer.Ordinal)];
        if (sources is not [var source] || !IsMadeInInt8(source)) return null;
        return _values[source].Shape == _values[node.Output].Shape ? source : null;
    }

    // Relu and Clip cost nothing behind a layer, and the quantised range begins behind them.
    private bool IsEpilogue(Node node) =>
        OperatorTable.TraitsOf(node).IsClamp && !_sources.ContainsKey(node.Inputs[0]) && _makers.ContainsKey(node.Inputs[0])
        && _readers[node.Inputs[0]].Take(2).Count() == 1 && !_graph.Outputs.Exists(o => o.Name == node.Inputs[0]);

    // What a float operator gives is better computed on in float.
    private bool IsMadeInInt8(string value)
    {
        var maker = _makers.GetValueOrDefault(_sources.GetValueOrDefault(value, value));
        if (maker is not null && IsEpilogue(maker)) maker = _makers.GetValueOrDefault(maker.Inputs[0]);
        return maker is not null && _mayBeInt8(maker) && Rule(maker) is not (QuantizationRule.StaysFloat or QuantizationRule.StoresInt8Weights);
    }

    private IEnumerable<string> Variables(Node node) => node.Inputs.Where(i => i.Length > 0 && _graph.Constant(i) is null);

    private int TrainedOnes(Node node) => node.Inputs.Count(i => _graph.Constant(i) is { Shape.ElementCount: > 1 });

    private QuantizationRule Rule(Node node) => OperatorTable.Find(node)?.Quantization(node, _graph) ?? QuantizationRule.StaysFloat;
}

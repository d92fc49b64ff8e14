using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// What is known of each value while a graph is walked in order: type, shape, and the value itself where it can be computed now. Nodes whose
/// outputs are
/// known become constants, the shapes that exporters compute at run time among them; all others are kept.
/// </summary>
internal sealed class KnownValues
{
    private readonly Graph _graph;
    private readonly Dictionary<string, InputType> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuantizedBy> _quantized = new(StringComparer.Ordinal);
    private readonly FreshNames _names;
    private readonly HashSet<string> _outputs;
    private readonly Dictionary<string, OutputType> _declared;
    private long _foldedBytes;
    private int _written;

    /// <summary>Knows the inputs and constants.</summary>
    public KnownValues(Graph graph)
    {
        _graph = graph;
        _outputs = graph.OutputNames();
        _declared = ShapeInference.Declared(graph);
        _names = graph.FreshNames();
        foreach (var input in graph.Inputs)
        {
            ModelBounds.CheckValue(input.Name, input.Type, input.Shape);
            _values[input.Name] = new(input.Type, input.Shape, null);
        }

        foreach (var (name, value) in graph.Initializers) _values[name] = new(value.Type, value.Shape, value);
    }

    /// <summary>The nodes that stay, in order.</summary>
    public List<Node> Kept { get; } = [];

    /// <summary>Whether a node became constants.</summary>
    public bool HasFolded { get; private set; }

    /// <summary>What is known of a value.</summary>
    /// <exception cref="EdgeException">Exit 3: no earlier node produces it.</exception>
    public InputType Of(Node reader, string name) =>
        _values.GetValueOrDefault(name) ?? throw OperatorRules.Bad(reader, $"its input '{name}' is not produced by an earlier node");

    /// <summary>What is known of a value so far, or null.</summary>
    public InputType? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>The value, or null when it is computed at run time or left out.</summary>
    public Tensor? Constant(string name) => _values.GetValueOrDefault(name)?.Constant;

    /// <summary>The scale and zero point by which a QuantizeLinear made a value; null when something else made it.</summary>
    public QuantizedBy? Quantization(string name) => _quantized.GetValueOrDefault(name);

    /// <summary>A value name not taken yet.</summary>
    public string Fresh(string stem) => _names.Of(stem);

    /// <summary>Adds a constant and returns its name.</summary>
    public string AddConstant(string stem, Tensor value)
    {
        string name = Fresh(stem);
        Define(name, value);
        return name;
    }

    /// <summary>Makes a value that a node would have produced a constant.</summary>
    public void Define(string name, Tensor value)
    {
        _graph.Initializers[name] = value;
        _values[name] = new(value.Type, value.Shape, value);
    }

    /// <summary>Whether the caller gets a value.</summary>
    public bool IsOutput(string name) => _outputs.Contains(name);

    /// <summary>Computes a node's outputs now, or keeps it and infers them.</summary>
    /// <exception cref="EdgeException">Exit 3: the operator is not supported, or its attributes or shapes are not.</exception>
    public void Add(Node node)
    {
        var inputs = new InputType?[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = node.Inputs[i].Length == 0 ? null : Of(node, node.Inputs[i]);
        OutputType?[] declared = [.. node.Outputs.Select(Declared)];
        var outputs = OperatorTable.Of(node, Graph.WrittenOpset).Infer(node, inputs, declared);
        for (int i = 0; i < outputs.Length && i < node.Outputs.Count; i++) ModelBounds.CheckValue(node.Outputs[i], outputs[i].Type, outputs[i].Shape);
        if (CanFold(node, inputs))
        {
            foreach (var (name, value) in FoldConstants.Evaluate(_graph, node, ref _foldedBytes)) Define(name, value);
            HasFolded = true;
            return;
        }

        Kept.Add(node);
        for (int i = 0; i < outputs.Length && i < node.Outputs.Count; i++)
            if (node.Outputs[i].Length > 0) _values[node.Outputs[i]] = new(outputs[i].Type, outputs[i].Shape, null);
        if (node.OpType == OpTypes.QuantizeLinear) _quantized[node.Output] = new(node.Inputs[1], node.Input(2));
    }

    /// <summary>Counts nodes that bodies of control flow are written out to, folded ones too.</summary>
    /// <exception cref="EdgeException">Exit 3: all together are more than a model may have.</exception>
    public void Count(int nodes) => ModelBounds.CheckNodes(_written = (int)Math.Min((long)_written + nodes, int.MaxValue));

    /// <summary>What the file says of a value, where it says all of it; null where it does not.</summary>
    public OutputType? Declared(string name) => _declared.TryGetValue(name, out var type) ? type : null;

    // Quantised constants keep their form, in which the planner wants them.
    private bool CanFold(Node node, InputType?[] inputs) =>
        !OperatorTable.TraitsOf(node).IsQuantization && !node.Outputs.Exists(IsOutput)
        && Array.TrueForAll(inputs, i => i is null or { Constant: not null });
}

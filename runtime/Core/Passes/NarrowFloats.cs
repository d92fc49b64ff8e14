using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes;

/// <summary>
/// A graph as its file is to have it: values of <see cref="Graph.Halves"/> in float16, with Casts where they meet float32. Reading the file widens it
/// again. Inputs and outputs stay float32: a Cast follows an input and precedes an output.
/// </summary>
internal sealed class NarrowFloats
{
    private readonly Graph _graph, _file;
    private readonly Dictionary<string, TensorInfo> _values;
    private readonly FreshNames _names;
    private readonly bool _isPart;
    private readonly HashSet<string> _outputs;

    /// <summary>The name under which the file has a value in each type.</summary>
    private readonly Dictionary<(string Value, ElementType Type), string> _forms = [];

    private NarrowFloats(Graph graph, bool isPart)
    {
        (_graph, _file, _isPart) = (graph, graph.Clone(), isPart);
        _values = ShapeInference.Infer(graph);
        _names = graph.FreshNames();
        _outputs = graph.OutputNames();
        _file.Halves.Clear();
        _file.Nodes.Clear();
    }

    /// <summary>The graph in the types of its file, and what is known of its values.</summary>
    /// <param name="graph">Not changed.</param>
    /// <param name="isPart">Whether its inputs and outputs are values of another network, which have the type that they have there.</param>
    /// <exception cref="EdgeException">Exit 3: shapes cannot be inferred.</exception>
    public static (Graph File, IReadOnlyDictionary<string, TensorInfo> Values) Of(Graph graph, bool isPart = false)
    {
        if (graph.Halves.Count == 0) return (graph, ShapeInference.Infer(graph));
        var narrow = new NarrowFloats(graph, isPart);
        narrow.Edges();
        foreach (var node in graph.Nodes) narrow.Add(node);
        return (narrow._file, narrow._values);
    }

    /// <summary>Whether a float input of a node in float16 is float16 too: all but the factors of a Resize.</summary>
    public static bool TakesHalf(Node node, int input) => node.OpType != OpTypes.Resize || input != 2;

    private void Edges()
    {
        foreach (var input in _graph.Inputs) _forms[(input.Name, _isPart ? TypeOf(input.Name) : input.Type)] = input.Name;
        foreach (string name in _graph.Initializers.Keys)
        {
            _forms[(name, TypeOf(name))] = name;
            if (TypeOf(name) == ElementType.Float16) _file.Initializers[name] = Narrow(_graph.Initializers[name]);
        }

        if (!_isPart) return;
        foreach (var edges in (ReadOnlySpan<List<TensorInfo>>)[_file.Inputs, _file.Outputs])
            for (int i = 0; i < edges.Count; i++) edges[i] = edges[i] with { Type = TypeOf(edges[i].Name) };
    }

    private void Add(Node node)
    {
        var type = node.Outputs.Exists(o => o.Length > 0 && TypeOf(o) == ElementType.Float16) ? ElementType.Float16 : ElementType.Float32;
        var written = node.Clone();
        for (int i = 0; i < node.Inputs.Count; i++)
            if (node.Inputs[i].Length > 0 && IsFloat(node.Inputs[i]))
                written.Inputs[i] = Demand(node.Inputs[i], TakesHalf(node, i) ? type : ElementType.Float32);
        if (type == ElementType.Float16) NarrowAttributes(written);
        _file.Nodes.Add(written);
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            string output = node.Outputs[i];
            if (output.Length == 0 || _values[output].Type != ElementType.Float32) continue;
            bool isCast = type == ElementType.Float16 && _outputs.Contains(output) && !_isPart;
            _forms[(output, type)] = written.Outputs[i] = isCast ? _names.Of(output + "_fp16") : output;
            if (isCast) Cast(output, type, ElementType.Float32, output);
            else _values[output] = _values[output] with { Type = type };
        }
    }

    private string Demand(string value, ElementType type)
    {
        if (_forms.TryGetValue((value, type), out string? name)) return name;
        var other = type == ElementType.Float16 ? ElementType.Float32 : ElementType.Float16;
        return Cast(value, other, type, _names.Of(value + (type == ElementType.Float16 ? "_fp16" : "_fp32")));
    }

    private string Cast(string value, ElementType from, ElementType to, string name)
    {
        _file.Nodes.Add(new Node(OpTypes.Cast, name + "_cast", [_forms[(value, from)]], [name]).With("to", (long)to));
        return _forms[(value, to)] = name;
    }

    private ElementType TypeOf(string value) =>
        _graph.Halves.Contains(value) && IsFloat(value) ? ElementType.Float16 : _values[value].Type;

    private bool IsFloat(string value) => _values[value].Type is ElementType.Float32 or ElementType.Float16;

    private static void NarrowAttributes(Node node)
    {
        foreach (string name in node.Attributes.Names.ToList())
        {
            if (node.Attributes[name] is Tensor { Type: ElementType.Float32 } value) node.Attributes[name] = Narrow(value);
            else if (name == "to" && node.Attributes[name] is (long)ElementType.Float32) node.Attributes[name] = (long)ElementType.Float16;
        }
    }

    private static Tensor Narrow(Tensor value)
    {
        var halves = new Half[value.Shape.ElementCount];
        HalfNumbers.Narrow(value.As<float>(), halves);
        return Tensor.From<Half>(value.Shape, halves);
    }
}

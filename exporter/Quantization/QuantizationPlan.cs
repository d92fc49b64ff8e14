using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Which values of a float graph become u8, and which of them share one scale. Made from the graph alone, before any picture is seen.
/// </summary>
/// <remarks>
/// A value is quantised when a layer that computes in int8 reads it: Conv, Gemm, a two-input Add (so both inputs of every residual add), pooling by average.
/// Operators that only move or select elements (<see cref="PassesScaleOn"/>) carry their input's scale to their output and are int8 when a reader of theirs is.
/// So the output of a Conv or Add that goes through a ReLU first is quantised behind the ReLU, and logits that nobody reads stay float.
/// </remarks>
internal sealed class QuantizationPlan
{
    private readonly QdqStyle _style;
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal); // value → another of its group; a root → itself

    /// <summary>Plans a graph whose BatchNorms are folded.</summary>
    /// <param name="graph">Float graph; not changed.</param>
    /// <param name="keepFp32">Layers that stay float: neither their weights nor what they read is quantised for them.</param>
    /// <param name="style">Whether the branch's input of an add is quantised.</param>
    public QuantizationPlan(Graph graph, LayerNames keepFp32, QdqStyle style = QdqStyle.OnnxRuntime)
    {
        _style = style;
        var readers = graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(input => (input, n))).ToLookup(p => p.input, p => p.n, StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (!keepFp32.Contains(node.Name)) Int8Nodes.Add(node.Name);
        }

        // Backwards, so that a value's readers are settled before the value.
        foreach (string value in graph.Nodes.AsEnumerable().Reverse().SelectMany(n => n.Outputs).Concat(graph.Inputs.Select(i => i.Name)))
        {
            if (value.Length > 0 && readers[value].Any(reader => ReadsInt8(graph, reader, value))) _groups.Add(value, value);
        }

        foreach (var node in graph.Nodes.Where(n => PassesScaleOn(n, graph) && Int8Nodes.Contains(n.Name) && IsQuantized(n.Output)))
        {
            foreach (string input in DataInputs(node).Where(IsQuantized)) _groups[Root(node.Output)] = Root(input);
        }

        foreach (var node in graph.Nodes.Where(n => IsQuantized(n.Output) && !(PassesScaleOn(n, graph) && DataInputs(n).All(IsQuantized) && Int8Nodes.Contains(n.Name)))) Observed.Add(node.Output);
        Observed.AddRange(graph.Inputs.Select(i => i.Name).Where(IsQuantized));
    }

    /// <summary>Names of the nodes that may read u8.</summary>
    public HashSet<string> Int8Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Quantised values whose elements decide a scale; the others of their group hold the same elements, or some of them, or zeros.</summary>
    public List<string> Observed { get; } = [];

    /// <summary>Whether the value becomes u8.</summary>
    public bool IsQuantized(string value) => _groups.ContainsKey(value);

    /// <summary>The name that stands for all values that share this one's scale.</summary>
    public string Root(string value)
    {
        while (_groups[value] != value) value = _groups[value];
        return value;
    }

    /// <summary>What a layer gives its readers: behind its ReLU or Clip, when that is its only reader.</summary>
    public static string Result(Graph graph, Node layer)
    {
        var readers = graph.Nodes.Where(n => n.Inputs.Contains(layer.Output)).ToList();
        return readers is [{ OpType: "Relu" or "Clip" } activation] && !graph.Outputs.Exists(o => o.Name == layer.Output) ? activation.Output : layer.Output;
    }

    /// <summary>Inputs of a node that hold activations, not weights or parameters.</summary>
    public static IEnumerable<string> DataInputs(Node node) => node.OpType is "Add" or "Concat" ? node.Inputs.Distinct() : node.Inputs.Take(1);

    /// <summary>Axis of the output channel in a layer's weights when the layer can compute in int8, else null.</summary>
    public static int? WeightAxis(Node node, Graph graph)
    {
        bool plain = graph.Constant(node.Input(1)) is { Type: ElementType.Float32, Shape.Rank: >= 2 }
            && (node.Input(2).Length == 0 || graph.Constant(node.Input(2)) is { Type: ElementType.Float32, Shape.Rank: 1 });
        if (!plain) return null;
        bool unscaled = node.Attributes.Float("alpha", 1) == 1 && node.Attributes.Float("beta", 1) == 1 && node.Attributes.Int("transA", 0) == 0;
        return node.OpType switch
        {
            "Conv" => 0,
            "Gemm" when unscaled => node.Attributes.Int("transB", 0) != 0 ? 0 : 1,
            _ => null,
        };
    }

    /// <summary>Whether a Pad fills in zeros.</summary>
    public static bool PadsZeros(Node node, Graph graph) => node.Attributes.String("mode", "constant") == "constant"
        && (node.Input(2).Length == 0 || graph.Constant(node.Input(2)) is { } padding && padding.ToFloats().All(v => v == 0));

    private bool ReadsInt8(Graph graph, Node reader, string value) =>
        Int8Nodes.Contains(reader.Name) && DataInputs(reader).Contains(value) && (PassesScaleOn(reader, graph)
            ? IsQuantized(reader.Output)
            : reader.OpType switch
            {
                "Conv" or "Gemm" => WeightAxis(reader, graph) is not null,
                "Add" => reader.Inputs.All(input => graph.Constant(input) is null) && !(_style == QdqStyle.TensorRt && Branch(graph, reader) == value),
                "GlobalAveragePool" or "AveragePool" => true,
                _ => false,
            });

    /// <summary>The input of an add that its convolution is fused with: made by a Conv that nobody else reads, of two the later. Null when there is none.</summary>
    private string? Branch(Graph graph, Node add) => add.Inputs[0] == add.Inputs[1] ? null : graph.Nodes
        .LastOrDefault(n => n.OpType == "Conv" && Int8Nodes.Contains(n.Name) && add.Inputs.Contains(n.Output) && graph.Nodes.Count(r => r.Inputs.Contains(n.Output)) == 1)?.Output;

    private static bool PassesScaleOn(Node node, Graph graph) => node.OpType switch
    {
        "MaxPool" => node.Outputs.Count == 1,
        "Slice" or "Flatten" or "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" or "Concat" => true,
        "Pad" => node.Attributes.String("mode", "constant") != "constant" || PadsZeros(node, graph),
        _ => false,
    };
}

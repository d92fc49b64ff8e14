using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Which values of a float graph become u8, and which of them share one scale. Made from the graph alone, before any picture is seen.
/// </summary>
/// <remarks>
/// A value is quantised when a layer that computes in int8 reads it: Conv, Gemm, pooling by average. Operators that only move or select
/// elements (<see cref="PassesScaleOn"/>) carry their input's scale to their output and are int8 when a reader of theirs is. So are elementwise
/// operators, with a scale of their own: a residual Add and a gate's Mul then read quantised values, and what is a function of one value
/// (<see cref="ElementwiseFunctions"/>), such as SiLU in two nodes, reads that one and keeps floats inside. So the output of a Conv or Add that goes
/// through a ReLU first is quantised behind the ReLU, a transformer's residual stream between normalisations stays float, and so do logits that
/// nobody reads.
/// </remarks>
internal sealed class QuantizationPlan
{
    private readonly QdqStyle _style;
    private readonly ElementwiseFunctions _functions;
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal); // value → another of its group; a root → itself

    /// <summary>Plans a graph whose BatchNorms are folded.</summary>
    /// <param name="graph">Float graph; not changed.</param>
    /// <param name="keepFp32">Layers that stay float: neither their weights nor what they read is quantised for them.</param>
    /// <param name="style">Whether the branch's input of an add is quantised.</param>
    public QuantizationPlan(Graph graph, LayerNames keepFp32, QdqStyle style = QdqStyle.OnnxRuntime)
    {
        _style = style;
        var readers =
            graph.Nodes.SelectMany(n => n.Inputs.Distinct().Select(input => (input, n))).ToLookup(p => p.input, p => p.n, StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            if (!keepFp32.Contains(node.Name)) Int8Nodes.Add(node.Name);
        }

        _functions = new ElementwiseFunctions(graph, node => Int8Nodes.Contains(node.Name));

        // Backwards, so that a value's readers are settled before the value.
        foreach (string value in graph.Nodes.AsEnumerable().Reverse().SelectMany(n => n.Outputs).Concat(graph.Inputs.Select(i => i.Name)))
        {
            if (value.Length > 0 && (readers[value].Any(reader => ReadsInt8(graph, reader, value)) || _functions.Of(value).Any(IsQuantized)))
                _groups.Add(value, value);
        }

        foreach (var node in graph.Nodes.Where(n => PassesScaleOn(n, graph) && Int8Nodes.Contains(n.Name) && IsQuantized(n.Output)))
        {
            foreach (string input in DataInputs(node).Where(IsQuantized)) _groups[Root(node.Output)] = Root(input);
        }

        bool HasScaleOfInput(Node n) => PassesScaleOn(n, graph) && DataInputs(n).All(IsQuantized) && Int8Nodes.Contains(n.Name);
        Observed.AddRange(graph.Nodes.Where(n => IsQuantized(n.Output) && !HasScaleOfInput(n)).Select(n => n.Output));
        Observed.AddRange(graph.Inputs.Select(i => i.Name).Where(IsQuantized));
    }

    /// <summary>Names of the nodes that may read u8.</summary>
    public HashSet<string> Int8Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Quantised values whose elements decide a scale; the others of their group hold the same elements, or some of them, or zeros.
    /// </summary>
    public List<string> Observed { get; } = [];

    /// <summary>Whether the value becomes u8.</summary>
    public bool IsQuantized(string value) => _groups.ContainsKey(value);

    /// <summary>The name that stands for all values that share this one's scale.</summary>
    public string Root(string value)
    {
        while (_groups[value] != value) value = _groups[value];
        return value;
    }

    /// <summary>
    /// Whether a node reads the quantised form of one of its inputs. Inside a function of one value only that value is quantised.
    /// </summary>
    public bool ReadsQuantized(Node node, string value) =>
        IsQuantized(value) && Int8Nodes.Contains(node.Name) && (_functions.SourceOf(node.Output) is not { } source || source == value);

    /// <summary>Whether a node combines several values that layers make: a residual Add, a gate.</summary>
    public bool Combines(Node node) => _functions.IsOfSeveral(node);

    /// <summary>What a layer gives its readers: behind the clamp (Relu, Clip) that is its only reader, else its own output.</summary>
    public static string Result(Graph graph, Node layer)
    {
        var readers = graph.Nodes.Where(n => n.Inputs.Contains(layer.Output)).ToList();
        return readers is [var activation] && OperatorTable.TraitsOf(activation).IsClamp && !graph.Outputs.Exists(o => o.Name == layer.Output)
            ? activation.Output
            : layer.Output;
    }

    /// <summary>Inputs of a node that hold activations, not weights or parameters.</summary>
    public static IEnumerable<string> DataInputs(Node node)
    {
        var traits = OperatorTable.TraitsOf(node);
        return node.Inputs.Where((_, i) => traits.IsData(i)).Distinct();
    }

    /// <summary>Axis of the output channel in a layer's weights when the layer can compute in int8, else null.</summary>
    public static int? WeightAxis(Node node, Graph graph) =>
        OperatorTable.TraitsOf(node).IsWeighted && Rule(node, graph) == QuantizationRule.ComputesInInt8
            ? OperatorTable.Of(node).OutputChannelAxis(node)
            : null;

    /// <summary>Whether a node's weights are stored in int8 and all that it computes is float.</summary>
    public bool StoresInt8Weights(Node node, Graph graph) =>
        Int8Nodes.Contains(node.Name) && Rule(node, graph) == QuantizationRule.StoresInt8Weights;

    private bool ReadsInt8(Graph graph, Node reader, string value) =>
        Int8Nodes.Contains(reader.Name) && DataInputs(reader).Contains(value) && Rule(reader, graph) switch
        {
            QuantizationRule.PassesScale => IsQuantized(reader.Output),
            QuantizationRule.ComputesInInt8 => true,
            QuantizationRule.FollowsReaders => _functions.IsOfSeveral(reader) && IsQuantized(Result(graph, reader))
                && !(_style == QdqStyle.TensorRt && reader.OpType == OpTypes.Add && Branch(graph, reader) == value),
            _ => false,
        };

    /// <summary>
    /// The input of an add that its convolution is fused with: made by a Conv that nobody else reads, of two the later. Null when there is none.
    /// </summary>
    private string? Branch(Graph graph, Node add) => add.Inputs[0] == add.Inputs[1] ? null : graph.Nodes.LastOrDefault(n =>
        n.OpType == OpTypes.Conv && Int8Nodes.Contains(n.Name) && add.Inputs.Contains(n.Output)
        && graph.Nodes.Count(r => r.Inputs.Contains(n.Output)) == 1)?.Output;

    private static bool PassesScaleOn(Node node, Graph graph) => Rule(node, graph) == QuantizationRule.PassesScale;

    private static QuantizationRule Rule(Node node, Graph graph) =>
        OperatorTable.Find(node)?.Quantization(node, graph) ?? QuantizationRule.StaysFloat;
}

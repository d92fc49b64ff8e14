using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Plans;

/// <summary>A graph by its values: type and shape, who makes each and who reads it.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, List<Node>> _consumers;
    private readonly Dictionary<string, Node> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorInfo> _infos;
    private readonly HashSet<string> _inputs, _outputs;
    private readonly Dictionary<Node, int> _order = [];

    /// <exception cref="EdgeException">Bad input: shapes that do not fit; the node is named.</exception>
    public GraphIndex(Graph graph)
    {
        Graph = graph;
        _infos = ShapeInference.Infer(graph);
        _consumers = graph.Consumers();
        _inputs = graph.Inputs.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        _outputs = graph.OutputNames();
        foreach (var node in graph.Nodes)
        {
            _order.Add(node, _order.Count);
            foreach (string output in node.Outputs) _producers[output] = node;
        }
    }

    /// <summary>The network.</summary>
    public Graph Graph { get; }

    /// <summary>Type and shape of a value.</summary>
    public TensorInfo Info(string value) => _infos[value];

    /// <summary>Adds a value that no node of the graph names.</summary>
    public void Declare(TensorInfo info) => _infos[info.Name] = info;

    /// <summary>The nodes that read a value.</summary>
    public IReadOnlyList<Node> Consumers(string value) => _consumers.TryGetValue(value, out var list) ? list : [];

    /// <summary>The only reader of a value that the caller does not get, or null.</summary>
    public Node? OnlyConsumer(string value) => Consumers(value) is [var single] && !IsOutput(value) ? single : null;

    /// <summary>The node that makes a value, or null for inputs and constants.</summary>
    public Node? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>Where a node stands in the graph's order.</summary>
    public int Order(Node node) => _order[node];

    /// <summary>Whether the caller gives this value.</summary>
    public bool IsInput(string value) => _inputs.Contains(value);

    /// <summary>Whether the caller gets this value.</summary>
    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>A value that is known when the model is loaded, or null.</summary>
    public Tensor? Constant(string value) => Graph.Constant(value);
}

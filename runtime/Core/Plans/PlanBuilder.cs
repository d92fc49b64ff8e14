using ResNetEdge.Backends;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Plans.Fusions;
using ResNetEdge.Steps;

namespace ResNetEdge.Plans;

/// <summary>
/// A plan while it is being made: the steps so far, the forms in which each value exists, and which values are views of others.
/// Quantised values and layouts are made on demand: a fusion asks for the form it wants, and only what is asked for is ever stored.
/// </summary>
internal sealed partial class PlanBuilder
{
    private readonly IBackend _backend;
    private readonly int _threads;
    private readonly Dictionary<string, List<Node>> _consumers;
    private readonly Dictionary<string, Node> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorInfo> _infos;
    private readonly HashSet<string> _inputs, _outputs;
    private readonly HashSet<Node> _done = [];
    private readonly Dictionary<Node, FusedAdd?> _fusedAdds = [];
    private readonly Dictionary<Node, int> _order = [];

    /// <param name="graph">The network.</param>
    /// <param name="backend">Who runs the steps.</param>
    /// <param name="threads">Threads that share a step; each may need scratch memory of its own.</param>
    public PlanBuilder(Graph graph, IBackend backend, int threads)
    {
        Graph = graph;
        _backend = backend;
        _threads = threads;
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

    public Graph Graph { get; }

    /// <summary>Steps in the order in which they run.</summary>
    public List<PlanStep> Steps { get; } = [];

    /// <summary>Every storage that any step or the caller touches.</summary>
    public List<Storage> Storages { get; } = [];

    /// <summary>Type and shape of a value.</summary>
    public TensorInfo Info(string value) => _infos[value];

    /// <summary>The nodes that read a value.</summary>
    public IReadOnlyList<Node> Consumers(string value) => _consumers.TryGetValue(value, out var list) ? list : [];

    /// <summary>The node that makes a value, or null for inputs and constants.</summary>
    public Node? Producer(string value) => _producers.GetValueOrDefault(value);

    /// <summary>Where a node stands in the graph's order.</summary>
    public int Order(Node node) => _order[node];

    /// <summary>Whether the caller gets this value.</summary>
    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>The only reader of a value that the caller does not get, or null.</summary>
    public Node? OnlyConsumer(string value) => Consumers(value) is [var single] && !IsOutput(value) ? single : null;

    /// <summary>Whether a fusion has taken this node already.</summary>
    public bool IsDone(Node node) => _done.Contains(node);

    /// <summary>Marks a node as part of a step.</summary>
    public void Done(Node node) => _done.Add(node);

    /// <summary>Who takes an Add, decided once: asked again, after more of the plan is known, the answer stays.</summary>
    public FusedAdd? Decide(Node add, Func<FusedAdd?> decide)
    {
        if (!_fusedAdds.TryGetValue(add, out var decision)) _fusedAdds[add] = decision = decide();
        return decision;
    }

    /// <summary>Appends a step with the scratch memory that the backend asks for and stretches the lifetimes of what it touches.</summary>
    /// <exception cref="EdgeException">Unavailable: the backend does not take the problem.</exception>
    public void Append(PlanStep step)
    {
        if (!_backend.Takes(step.Problem))
            throw EdgeException.Unavailable($"the step {step.Operation} of node '{step.Node}' cannot run on the backend '{_backend.Name}'");
        long bytes = _backend.ScratchBytes(step.Problem, _threads);
        if (bytes > 0) step = step with { Scratch = Own(new Storage(bytes)) };
        foreach (var buffer in step.Reads.Concat(step.Writes)) buffer.Storage.Touch(Steps.Count);
        step.Scratch?.Touch(Steps.Count);
        Steps.Add(step);
    }

    /// <summary>A storage that the plan owns.</summary>
    public Storage Own(Storage storage)
    {
        Storages.Add(storage);
        return storage;
    }

    /// <summary>A dense buffer for a value.</summary>
    /// <exception cref="EdgeException">Exit 3: it has no elements.</exception>
    public PlanBuffer NewBuffer(string value, ElementType type)
    {
        if (Info(value).Shape.ElementCount == 0) throw EdgeException.BadInput($"the value '{value}' is empty: {Info(value).Shape}");
        var buffer = PlanBuffer.Dense(type, PlanBuffer.ShapeOf(Info(value).Shape));
        Own(buffer.Storage);
        return buffer;
    }

    /// <summary>What can be done while a value is stored: an activation (Relu or a constant Clip), then quantisation.</summary>
    public Tail TailOf(string value)
    {
        var (low, high) = (float.NegativeInfinity, float.PositiveInfinity);
        Node? activation = null;
        if (OnlyConsumer(value) is { } node)
        {
            if (node.OpType == "Relu") (low, activation) = (0, node);
            else if (node.OpType == "Clip" && node.Inputs[0] == value)
                ((low, high), activation) = (Clip.Bounds(node, Constant(node.Input(1)), Constant(node.Input(2))), node);
            if (!(low <= high)) (low, high, activation) = (float.NegativeInfinity, float.PositiveInfinity, null);
        }

        string output = activation?.Output ?? value;
        return new Tail(output, low, high, CommonQuantization(output), activation);
    }

    /// <summary>Whether a float value is known when the model is loaded, directly or behind DequantizeLinear.</summary>
    public bool IsConstant(string value) => _constants.ContainsKey(value) || Graph.Constant(value) is { Type: ElementType.Float32 };

    private InputType? Constant(string name) => Graph.Constant(name) is { } c ? new InputType(c.Type, c.Shape, c) : null;

    /// <summary>The quantised form that all readers of a value want; null when one wants another, or the float itself.</summary>
    private QuantizedView? CommonQuantization(string value)
    {
        if (IsOutput(value)) return null;
        QuantizedView? common = null;
        foreach (var node in Consumers(value))
        {
            if (QuantizationOf(node) is not { } view || (common is not null && !common.Fits(view))) return null;
            common ??= view;
        }

        return common;
    }
}

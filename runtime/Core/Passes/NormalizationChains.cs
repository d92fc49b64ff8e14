using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Operators.Reductions;

namespace ResNetEdge.Passes;

/// <summary>Finds the arithmetic of a normalisation in a graph, from its division backwards.</summary>
internal sealed class NormalizationChains
{
    private readonly Graph _graph;
    private readonly Dictionary<string, TensorInfo> _values;
    private readonly Dictionary<string, Node> _producers;
    private readonly Dictionary<string, List<Node>> _consumers;

    /// <exception cref="EdgeException">Exit 3: shapes that do not fit.</exception>
    public NormalizationChains(Graph graph)
    {
        _graph = graph;
        _values = ShapeInference.Infer(graph);
        _consumers = graph.Consumers();
        _producers = new(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
            foreach (string output in node.Outputs) _producers[output] = node;
    }

    /// <summary>Whether <see cref="StandardizedBy"/> has found anything.</summary>
    public bool HasFound { get; private set; }

    /// <summary>Shape of a value.</summary>
    public Shape ShapeOf(string value) => _values[value].Shape;

    /// <summary>What a Div standardises: x, the first of the axes over which its moments are taken, and epsilon; null for any other node.</summary>
    public (string X, int Axis, float Epsilon)? StandardizedBy(Node node)
    {
        if (node.OpType != OpTypes.Div || Producer(node.Inputs[0], OpTypes.Sub) is not { } centered) return null;
        if (Producer(node.Inputs[1], OpTypes.Sqrt) is not { } root || Producer(root.Inputs[0], OpTypes.Add) is not { } sum) return null;
        int at = Epsilon(sum.Inputs[0]) is null ? 1 : 0;
        if (Epsilon(sum.Inputs[at]) is not { } epsilon || Producer(sum.Inputs[1 - at], OpTypes.ReduceMean) is not { } variance) return null;
        if (Producer(centered.Inputs[1], OpTypes.ReduceMean) is not { } mean || mean.Inputs[0] != centered.Inputs[0]) return null;
        if (Squared(variance.Inputs[0]) is not { } distance || !IsSame(distance, centered)) return null;
        string x = centered.Inputs[0];
        if (_values[x].Type != ElementType.Float32 || Axis(mean, x) is not { } axis || Axis(variance, x) != axis) return null;
        HasFound = true;
        return (x, axis, epsilon);
    }

    /// <summary>The only reader of a node, if it joins it by an operator to a constant of a shape, axes of length 1 in front allowed.</summary>
    public (Node Reader, string Constant)? Constant(Node node, string opType, Shape shape)
    {
        if (_graph.IsOutput(node.Output) || !_consumers.TryGetValue(node.Output, out var readers) || readers is not [var reader]) return null;
        if (reader.OpType != opType) return null;
        string other = reader.Inputs[reader.Inputs[0] == node.Output ? 1 : 0];
        if (_graph.Constant(other) is not { Type: ElementType.Float32 } constant || constant.Shape.ElementCount != shape.ElementCount) return null;
        bool fits = constant.Shape.Rank >= shape.Rank && constant.Shape.Rank <= ShapeOf(node.Output).Rank
            && constant.Shape.Dimensions[^shape.Rank..].SequenceEqual(shape.Dimensions);
        return fits ? (reader, other) : null;
    }

    private Node? Producer(string value, string opType) => _producers.GetValueOrDefault(value) is { } node && node.OpType == opType ? node : null;

    private float? Epsilon(string value) =>
        _graph.Constant(value) is { Type: ElementType.Float32, Shape: { ElementCount: 1, Rank: <= 1 } } constant
            && constant.As<float>()[0] is var epsilon && epsilon >= 0 && float.IsFinite(epsilon) ? epsilon : null;

    // The Sub whose result is squared.
    private Node? Squared(string value)
    {
        if (Producer(value, OpTypes.Mul) is { } product)
            return product.Inputs[0] == product.Inputs[1] ? Producer(product.Inputs[0], OpTypes.Sub) : null;
        if (Producer(value, OpTypes.Pow) is not { } power || _graph.Constant(power.Inputs[1]) is not { Shape.ElementCount: 1 } exponent) return null;
        return exponent.ToFloats()[0] == 2 && exponent.Shape.Rank <= 1 ? Producer(power.Inputs[0], OpTypes.Sub) : null;
    }

    // Exporters write the difference once or twice.
    private static bool IsSame(Node a, Node b) => a == b || a.Inputs.SequenceEqual(b.Inputs);

    // The first reduced axis, if all behind it are reduced too and keep a length of 1.
    private int? Axis(Node mean, string x)
    {
        int rank = ShapeOf(x).Rank;
        if (mean.Attributes.Int("keepdims", 1) == 0 || rank == 0) return null;
        bool[] reduced = Reduction.Reduced(mean, rank, _graph.Constant(mean.Input(1))?.ToInt64s());
        int axis = Array.IndexOf(reduced, true);
        return axis >= 0 && Array.TrueForAll(reduced[axis..], static r => r) ? axis : null;
    }
}

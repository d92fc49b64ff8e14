using ResNetEdge.Model;

namespace ResNetEdge.Benchmarks.Models.Families;

/// <summary>
/// Builds a network of any operators with seeded random weights, as exporters of operator set 17 write them: fp32, batch norms folded. Every value
/// has a known shape; weights have He's variance, so that activations keep their size.
/// </summary>
internal sealed partial class SeededGraph(string name)
{
    private readonly Random _random = new(20151210);
    private readonly Dictionary<string, int[]> _shapes = new(StringComparer.Ordinal);

    /// <summary>The network so far.</summary>
    public Graph Graph { get; } = new() { Name = name };

    /// <summary>Dimensions of a value.</summary>
    public int[] Shape(string value) => _shapes[value];

    /// <summary>An input of the network.</summary>
    public string Input(string value, params int[] shape)
    {
        Graph.Inputs.Add(new TensorInfo(value, ElementType.Float32, new Shape(shape)));
        return Is(value, shape);
    }

    /// <summary>An output of the network.</summary>
    public SeededGraph Output(params string[] values)
    {
        foreach (string value in values) Graph.Outputs.Add(new TensorInfo(value, ElementType.Float32, new Shape(Shape(value))));
        return this;
    }

    /// <summary>A node of one output, which has the name of the layer.</summary>
    public string Op(string opType, string layer, int[] shape, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var node = new Node(opType, layer, inputs, [layer]);
        foreach (var (attribute, value) in attributes) node.Attributes[attribute] = value;
        Graph.Add(node);
        return Is(layer, shape);
    }

    /// <summary>A node whose output has the shape of its first input.</summary>
    public string Map(string opType, string layer, string x, params (string Name, object Value)[] attributes) =>
        Op(opType, layer, Shape(x), [x], attributes);

    /// <summary>A function of two values with broadcasting.</summary>
    public string Binary(string opType, string layer, string a, string b)
    {
        int[] p = Shape(a), q = Shape(b);
        int rank = Math.Max(p.Length, q.Length);
        return Op(opType, layer, [.. Enumerable.Range(1 - rank, rank).Select(i => Math.Max(At(p, i), At(q, i)))], [a, b]);

        static int At(int[] shape, int fromEnd) => shape.Length - 1 + fromEnd >= 0 ? shape[shape.Length - 1 + fromEnd] : 1;
    }

    /// <summary>A sum of two values.</summary>
    public string Add(string layer, string a, string b) => Binary(OpTypes.Add, layer, a, b);

    /// <summary>A product of two values.</summary>
    public string Mul(string layer, string a, string b) => Binary(OpTypes.Mul, layer, a, b);

    /// <summary>A constant of uniform numbers.</summary>
    public string Weights(string value, double variance, params int[] shape)
    {
        float largest = (float)Math.Sqrt(3 * variance);
        float[] numbers = new float[shape.Aggregate(1, static (a, b) => a * b)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = ((_random.NextSingle() * 2) - 1) * largest;
        return Constant(value, Tensor.From<float>(new Shape(shape), numbers));
    }

    /// <summary>A constant of equal numbers.</summary>
    public string Filled(string value, float number, params int[] shape) =>
        Constant(value, Tensor.From<float>(new Shape(shape), [.. Enumerable.Repeat(number, shape.Aggregate(1, static (a, b) => a * b))]));

    /// <summary>A constant list of integers.</summary>
    public string Integers(string value, params long[] numbers) => Constant(value, Tensor.Vector<long>(numbers));

    /// <summary>A constant integer without dimensions.</summary>
    public string Scalar(string value, long number) => Constant(value, Tensor.From<long>(new Shape(), [number]));

    /// <summary>A constant of the given numbers.</summary>
    public string Numbers(string value, float[] numbers, params int[] shape) => Constant(value, Tensor.From<float>(new Shape(shape), numbers));

    private string Constant(string value, Tensor tensor) => Is(Graph.Add(value, tensor), tensor.Shape.Dimensions.ToArray());

    private string Is(string value, int[] shape)
    {
        _shapes.Add(value, shape);
        return value;
    }
}

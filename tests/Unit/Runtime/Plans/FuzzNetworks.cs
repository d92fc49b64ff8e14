using ResNetEdge.CommandLine;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>
/// Random residual graphs: any operator reads any earlier value, so values are shared, added again later, padded, sliced, joined,
/// left dead or given to the caller. Exact ones use whole multiples of powers of two only, so that no order of sums rounds differently.
/// </summary>
internal sealed class FuzzNetworks
{
    private const int MostChannels = 70, Classes = 5;

    private static readonly string[] ExactFunctions = ["Relu", "LeakyRelu", "HardSigmoid"]; // with attributes of 1/4 and 1/2

    // Small differences become large ones, or not numbers.
    private static readonly string[] Unsteady =
        ["Ceil", "Clip", "Exp", "Floor", "Log", "Reciprocal", "Round", "Shrink", "Sign", "Sqrt", "ThresholdedRelu"];

    private readonly Random _random;
    private readonly bool _isExact;
    private readonly Graph _graph = new();
    private readonly List<string> _values = [];
    private readonly Dictionary<string, Shape> _shapes = new(StringComparer.Ordinal);
    private int _count;

    private FuzzNetworks(int seed, bool isExact) => (_random, _isExact) = (new Random(seed), isExact);

    /// <summary>A float network of ten to thirty nodes.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="isExact">Weights are small multiples of 2⁻⁴, sizes powers of two, no norms.</param>
    public static Graph Make(int seed, bool isExact) => new FuzzNetworks(seed, isExact).Network();

    private Graph Network()
    {
        int size = _isExact ? 4 << _random.Next(3) : _random.Next(5, 14), channels = _random.Next(1, 6);
        var input = new Shape(_random.Next(8) == 0 ? 2 : 1, channels, size, _isExact ? size : size + _random.Next(3));
        _graph.Inputs.Add(new TensorInfo("input", ElementType.Float32, input));
        _shapes["input"] = input;
        Keep(Conv("input", _random.Next(3, 20), _random.Next(2) == 0 ? 3 : 1, 1, 1));
        for (int i = _random.Next(4, 14); i > 0; i--) Keep(Grow(Pick()));
        var heads = _values.Skip(Math.Max(0, _values.Count - 2)).Distinct().ToList();
        foreach (string head in heads) Classify(head);
        if (_random.Next(3) == 0) Return(Pick());
        _ = ShapeInference.Infer(_graph);
        return _graph;
    }

    private string Grow(string x) => _random.Next(13) switch
    {
        0 => Conv(x, _random.Next(1, MostChannels), 1, 1, 1),
        1 => Activation(Conv(x, _random.Next(1, 30), 3, _random.Next(1, 3), 1)),
        2 => Activation(Conv(x, Channels(x), 3, _random.Next(1, 3), Channels(x))),
        3 or 4 => Residual(x),
        5 => Add(x, Like(x)),
        6 => Join(x),
        7 => Pool(x),
        8 => Shortcut(x),
        9 => Activation(x),
        10 => Function(x),
        11 => Gate(x),
        _ => Norm(x),
    };

    /// <summary>Branch of one or two convolutions, post- or pre-activation, and a shortcut: identity, projection or the value itself again.</summary>
    private string Residual(string x)
    {
        int filters = _random.Next(3) == 0 ? _random.Next(1, 40) : Channels(x), stride = filters != Channels(x) ? _random.Next(1, 3) : 1;
        string start = _random.Next(3) == 0 ? Activation(Norm(x)) : x;
        string branch = _random.Next(2) == 0 ? Activation(Conv(start, _random.Next(1, 33), _random.Next(2) == 0 ? 3 : 1, 1, 1)) : start;
        branch = Conv(branch, filters, 3, stride, 1);
        string shortcut = filters == Channels(x) ? x : Conv(_random.Next(2) == 0 ? start : x, filters, 1, stride, 1);
        string sum = _random.Next(2) == 0 ? Add(branch, shortcut) : Add(shortcut, branch);
        return _random.Next(3) == 0 ? sum : Activation(sum);
    }

    /// <summary>
    /// A value times another: a gate of each channel, or of each element; then a convolution, which keeps products of products small.
    /// </summary>
    private string Gate(string x)
    {
        string gate = _random.Next(2) == 0 ? Like(x) : Conv(Node("GlobalAveragePool", [x]), Channels(x), 1, 1, 1);
        string scaled = Node("Mul", _random.Next(2) == 0 ? [x, gate] : [gate, x]);
        return Conv(scaled, _random.Next(1, 20), 1, 1, 1);
    }

    private string Join(string x)
    {
        var parts = new List<string> { x };
        for (int i = _random.Next(1, 3); i > 0; i--) parts.Add(_random.Next(2) == 0 ? Like(x) : SameSize(x));
        if (parts.Sum(Channels) > 3 * MostChannels) return Activation(x);
        return Node("Concat", [.. _random.Next(2) == 0 ? parts : parts.AsEnumerable().Reverse()], n => n.With("axis", 1L));
    }

    private string Pool(string x)
    {
        if (_shapes[x][2] < 4 || _shapes[x][3] < 4) return Activation(x);
        if (_random.Next(2) == 0)
            return Node("MaxPool", [x],
                n => n.With("kernel_shape", new long[] { 3, 3 }).With("strides", new long[] { 2, 2 }).With("pads", new long[] { 1, 1, 1, 1 }));
        return Node("AveragePool", [x], n => n.With("kernel_shape", new long[] { 2, 2 }).With("strides", new long[] { 2, 2 }));
    }

    /// <summary>Option A, or one of its halves.</summary>
    private string Shortcut(string x)
    {
        bool slices = _shapes[x][2] > 1 && _random.Next(3) > 0;
        if (slices) x = Node("Slice", [x, Longs(0, 0), Longs(int.MaxValue, int.MaxValue), Longs(2, 3), Longs(2, 2)]);
        return slices && _random.Next(3) == 0 ? x : Node("Pad", [x, Longs(0, _random.Next(4), 0, 0, 0, _random.Next(4), 0, 0)]);
    }

    /// <summary>A batch norm; in exact networks the convolution of every channel on its own that it would become.</summary>
    private string Norm(string x)
    {
        int channels = Channels(x);
        if (_isExact) return Conv(x, channels, 1, 1, channels);
        return Node("BatchNormalization",
            [x, Floats(channels, 0.5, 1.5), Floats(channels, -0.5, 0.5), Floats(channels, -0.5, 0.5), Floats(channels, 0.5, 1.5)]);
    }

    private string Conv(string x, int filters, int kernel, int stride, int groups)
    {
        if (stride > 1 && (_shapes[x][2] < 2 || _shapes[x][3] < 2)) stride = 1;
        int depth = Channels(x) / groups, half = kernel / 2;
        string[] inputs = _random.Next(3) == 0
            ? [x, Weights(depth * kernel * kernel, filters, depth, kernel, kernel)]
            : [x, Weights(depth * kernel * kernel, filters, depth, kernel, kernel), Weights(16, filters)];
        return Node("Conv", inputs, n => n.With("kernel_shape", new long[] { kernel, kernel }).With("pads", new long[] { half, half, half, half })
            .With("strides", new long[] { stride, stride }).With("group", (long)groups));
    }

    private void Classify(string x)
    {
        string pooled = Node("GlobalAveragePool", [x]),
            flat = _random.Next(2) == 0 ? Node("Flatten", [pooled]) : Node("Reshape", [pooled, Longs(_shapes[x][0], -1)]);
        Return(Node("Gemm", [flat, Weights(Channels(x), Classes, Channels(x)), Weights(16, Classes)], n => n.With("transB", 1L)));
    }

    private string Activation(string x) => _random.Next(4) == 0 ? Node("Clip", [x, Scalar(0), Scalar(4)]) : Node("Relu", [x]);

    /// <summary>Any function of each element; in exact networks one that rounds nothing.</summary>
    private string Function(string x)
    {
        var known = ElementwiseFunctions.Operators.Where(static o => o.Signatures[0].Since <= Graph.WrittenOpset)
            .Where(o => _isExact ? ExactFunctions.Contains(o.OpType) : !Unsteady.Contains(o.OpType)).ToList();
        var chosen = known[_random.Next(known.Count)];
        return Node(chosen.OpType, [x], node =>
        {
            foreach (var attribute in chosen.Signatures[^1].Attributes.Where(static a => a.Kind == typeof(float)))
                node.With(attribute.Name, _random.Next(1, 3) / 4f);
            return node;
        });
    }

    private string Add(string a, string b) => Node("Add", [a, b]);

    /// <summary>Another value of the same shape, maybe the same one, else a convolution that makes it.</summary>
    private string Like(string x)
    {
        var same = _values.FindAll(v => _shapes[v] == _shapes[x]);
        return same.Count > 1 ? same[_random.Next(same.Count)] : Conv(x, Channels(x), 1, 1, 1);
    }

    private string SameSize(string x)
    {
        var same = _values.FindAll(v => _shapes[v][2] == _shapes[x][2] && _shapes[v][3] == _shapes[x][3]);
        return same.Count > 0 ? same[_random.Next(same.Count)] : x;
    }

    /// <summary>Recent values twice as often as all.</summary>
    private string Pick() => _random.Next(3) > 0 ? _values[^Math.Min(_values.Count, _random.Next(1, 3))] : _values[_random.Next(_values.Count)];

    private void Keep(string value) => _values.Add(value);

    private int Channels(string x) => _shapes[x][1];

    private void Return(string value)
    {
        if (!_graph.Outputs.Exists(o => o.Name == value)) _graph.Outputs.Add(new TensorInfo(value, ElementType.Float32, _shapes[value]));
    }

    private string Node(string type, string[] inputs, Func<Node, Node>? with = null)
    {
        string name = $"{type}{++_count}";
        var node = new Node(type, name, inputs, [name + ".out"]);
        _graph.Add(with is null ? node : with(node));
        _shapes[node.Output] = OperatorTable.Of(node).Infer(node, [.. inputs.Select(i => new InputType(
            _graph.Constant(i)?.Type ?? ElementType.Float32, _graph.Constant(i)?.Shape ?? _shapes[i], _graph.Constant(i)))])[0].Shape;
        return node.Output;
    }

    private string Weights(int fanIn, params int[] shape)
    {
        double scale = Math.Sqrt(6.0 / fanIn);
        int count = shape.Aggregate(1, (a, b) => a * b);
        return Constant(Tensor.From<float>(new Shape(shape), [.. Enumerable.Range(0, count)
            .Select(_ => (float)(_isExact ? Math.ScaleB(_random.Next(-7, 8), -4) : (_random.NextDouble() * 2 - 1) * scale))]));
    }

    private string Floats(int count, double low, double high) =>
        Constant(Tensor.Vector<float>([.. Enumerable.Range(0, count).Select(_ => (float)(low + _random.NextDouble() * (high - low)))]));

    private string Longs(params long[] values) => Constant(Tensor.Vector<long>(values));

    private string Scalar(float value) => Constant(Tensor.Scalar(value));

    private string Constant(Tensor value) => _graph.Add($"constant{++_count}", value);
}

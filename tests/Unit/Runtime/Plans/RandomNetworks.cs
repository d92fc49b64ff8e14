using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Small residual networks with seeded random structure and weights, for tests that compare two ways of running the same graph.</summary>
internal sealed class RandomNetworks
{
    private readonly Random _random;
    private readonly Graph _graph = new();
    private int _count;

    private RandomNetworks(int seed) => _random = new Random(seed);

    /// <summary>A float network: stem, a few residual blocks of random kind, head.</summary>
    public static Graph Make(int seed) => new RandomNetworks(seed).Network();

    /// <summary>Input values in the network's range.</summary>
    public static float[] Input(Graph graph, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    private Graph Network()
    {
        int channels = _random.Next(1, 5), size = _random.Next(6, 14);
        _graph.Inputs.Add(new TensorInfo("input", ElementType.Float32, new Shape(1, channels, size, size + _random.Next(3))));
        string x = Conv("input", channels, channels = _random.Next(3, 20), _random.Next(2) == 0 ? 3 : 5, 1, 1, true);
        if (_random.Next(3) == 0) x = Pool(x, "MaxPool");
        for (int i = _random.Next(1, 4); i > 0; i--) (x, channels) = Block(x, channels);
        if (_random.Next(4) == 0) x = Pool(x, "AveragePool");
        x = Node("GlobalAveragePool", [x]);
        x = _random.Next(2) == 0 ? Node("Flatten", [x]) : Node("Reshape", [x, Constant(Tensor.Vector<long>(1, -1))]);
        int classes = _random.Next(2, 11);
        var gemm = new Node("Gemm", Name("Gemm"), [x, Weights(classes, channels), Weights(classes)], [Name("value")]).With("transB", 1L);
        _graph.Add(gemm);
        _graph.Outputs.Add(new TensorInfo(gemm.Output, ElementType.Float32, new Shape(1, classes)));
        _ = ShapeInference.Infer(_graph);
        return _graph;
    }

    private (string Value, int Channels) Block(string x, int channels)
    {
        int kind = _random.Next(5), stride = kind is 1 or 2 ? 2 : 1,
            width = kind is 1 ? channels * 2 : kind is 2 or 3 ? _random.Next(3, 24) : channels;
        string branch = Conv(x, channels, width, 3, stride, 1, true);
        if (kind == 4)
        {
            // Pre-activation: the norm after the add folds into no convolution.
            string pre = Activation(Norm(x, channels));
            branch = Conv(pre, channels, width, 3, 1, channels % 2 == 0 ? 2 : 1, false, norm: false);
        }
        else
        {
            branch = Conv(branch, width, width, 3, 1, width % 3 == 0 ? 3 : 1, false);
        }

        string shortcut = kind switch
        {
            1 => PadShortcut(x, channels, width),
            2 or 3 => Conv(x, channels, width, 1, stride, 1, false),
            _ => x,
        };
        string sum = _random.Next(2) == 0 ? Node("Add", [branch, shortcut]) : Node("Add", [shortcut, branch]);
        return (_random.Next(4) == 0 ? sum : Activation(sum), width);
    }

    private string PadShortcut(string x, int from, int to)
    {
        string sliced = Node("Slice", [x, Constant(Tensor.Vector<long>(0, 0)), Constant(Tensor.Vector<long>(int.MaxValue, int.MaxValue)),
            Constant(Tensor.Vector<long>(2, 3)), Constant(Tensor.Vector<long>(2, 2))]);
        int front = (to - from) / 2;
        return Node("Pad", [sliced, Constant(Tensor.Vector<long>(0, front, 0, 0, 0, to - from - front, 0, 0))]);
    }

    private string Conv(string x, int from, int to, int kernel, int stride, int groups, bool activate, bool norm = true)
    {
        var node = new Node("Conv", Name("Conv"), [x, Weights(to, from / groups, kernel, kernel)], [Name("value")])
            .With("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 })
            .With("strides", new long[] { stride, stride }).With("group", (long)groups);
        if (_random.Next(2) == 0) node.Inputs.Add(Weights(to));
        string y = _graph.Add(node);
        if (norm && _random.Next(3) > 0) y = Norm(y, to);
        return activate ? Activation(y) : y;
    }

    private string Norm(string x, int channels) => Node("BatchNormalization",
        [x, Vector(channels, 0.5, 1.5), Vector(channels, -0.5, 0.5), Vector(channels, -0.5, 0.5), Vector(channels, 0.5, 1.5)]);

    private string Activation(string x) => _random.Next(4) == 0
        ? Node("Clip", [x, Constant(Tensor.Scalar(0f)), Constant(Tensor.Scalar(6f))])
        : Node("Relu", [x]);

    private string Pool(string x, string type)
    {
        var node = new Node(type, Name(type), [x], [Name("value")]).With("kernel_shape", new long[] { 3, 2 }).With("strides", new long[] { 2, 1 })
            .With("pads", new long[] { 1, 0, 1, 1 });
        if (type == "AveragePool" && _random.Next(2) == 0) node.With("count_include_pad", 1L);
        return _graph.Add(node);
    }

    private string Node(string type, string[] inputs) => _graph.Add(new Node(type, Name(type), inputs, [Name("value")]));

    private string Constant(Tensor value) => _graph.Add(Name("constant"), value);

    private string Weights(params int[] shape)
    {
        double scale = shape.Length == 1 ? 0.2 : Math.Sqrt(2.0 / shape.Skip(1).Aggregate(1, (a, b) => a * b));
        return Constant(Tensor.From<float>(new Shape(shape), [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b))
            .Select(_ => (float)((_random.NextDouble() * 2 - 1) * scale * 1.7))]));
    }

    private string Vector(int count, double low, double high) =>
        Constant(Tensor.Vector<float>([.. Enumerable.Range(0, count).Select(_ => (float)(low + _random.NextDouble() * (high - low)))]));

    private string Name(string type) => $"{type}{++_count}";
}

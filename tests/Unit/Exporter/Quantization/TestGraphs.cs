using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

/// <summary>Small float networks with seeded random weights.</summary>
internal static class TestGraphs
{
    /// <summary>
    /// Stem with max pooling, a block with identity shortcut, a block whose shortcut is option A (Slice and Pad), global average pooling, Gemm:
    /// everything that a CIFAR or torchvision network has.
    /// </summary>
    public static Graph Residual(int seed = 1)
    {
        var random = new Random(seed);
        var graph = new Graph { Name = "residual" };
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 3, 16, 16)));
        string x = Relu(graph, "stem.relu", Conv(graph, random, "stem", "input", 3, 8, 3, 1));
        x = graph.Add(new Node("MaxPool", "pool", [x], ["pool.out"]).With("kernel_shape", new long[] { 2, 2 }).With("strides", new long[] { 2, 2 }));

        string branch = Relu(graph, "block1.relu1", Conv(graph, random, "block1.conv1", x, 8, 8, 3, 1));
        branch = Conv(graph, random, "block1.conv2", branch, 8, 8, 3, 1);
        x = Relu(graph, "block1.relu2", graph.Add(new Node("Add", "block1.add", [branch, x], ["block1.add.out"])));

        graph.Add("slice.starts", Tensor.Vector(0L, 0L));
        graph.Add("slice.ends", Tensor.Vector(long.MaxValue, long.MaxValue));
        graph.Add("slice.axes", Tensor.Vector(2L, 3L));
        graph.Add("slice.steps", Tensor.Vector(2L, 2L));
        graph.Add("pad.pads", Tensor.Vector(0L, 4, 0, 0, 0, 4, 0, 0));
        string shortcut =
            graph.Add(new Node("Slice", "block2.slice", [x, "slice.starts", "slice.ends", "slice.axes", "slice.steps"], ["block2.slice.out"]));
        shortcut = graph.Add(new Node("Pad", "block2.pad", [shortcut, "pad.pads"], ["block2.pad.out"]));
        branch = Relu(graph, "block2.relu1", Conv(graph, random, "block2.conv1", x, 8, 16, 3, 2));
        branch = Conv(graph, random, "block2.conv2", branch, 16, 16, 3, 1);
        x = Relu(graph, "block2.relu2", graph.Add(new Node("Add", "block2.add", [branch, shortcut], ["block2.add.out"])));

        x = graph.Add(new Node("GlobalAveragePool", "gap", [x], ["gap.out"]));
        x = graph.Add(new Node("Flatten", "flatten", [x], ["flatten.out"]));
        graph.Add("fc.weight", Random(random, new Shape(10, 16), 0.5f));
        graph.Add("fc.bias", Random(random, new Shape(10), 0.2f));
        graph.Add(new Node("Gemm", "fc", [x, "fc.weight", "fc.bias"], ["logits"]).With("transB", 1L));
        graph.Outputs.Add(new("logits", ElementType.Float32, new Shape(1, 10)));
        return graph;
    }

    /// <summary>[1][3][16][16] seeded noise, about as large as a normalised picture.</summary>
    public static float[] Picture(int seed)
    {
        var random = new Random(seed);
        float[] values = new float[3 * 16 * 16];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() * 4.5f - 2;
        return values;
    }

    /// <summary>The node that computes a value, or null.</summary>
    public static Node? Producer(Graph graph, string value) => graph.Nodes.Find(n => n.Outputs.Contains(value));

    private static string Conv(Graph graph, Random random, string name, string input, int from, int to, int kernel, long stride)
    {
        graph.Add(name + ".weight", Random(random, new Shape(to, from, kernel, kernel), 1.5f / MathF.Sqrt(from * kernel * kernel)));
        graph.Add(name + ".bias", Random(random, new Shape(to), 0.3f));
        long pad = kernel / 2;
        return graph.Add(new Node("Conv", name, [input, name + ".weight", name + ".bias"], [name + ".out"])
            .With("kernel_shape", new long[] { kernel, kernel }).With("pads", new[] { pad, pad, pad, pad })
            .With("strides", new[] { stride, stride }));
    }

    private static string Relu(Graph graph, string name, string input) => graph.Add(new Node("Relu", name, [input], [name + ".out"]));

    private static Tensor Random(Random random, Shape shape, float magnitude)
    {
        float[] values = new float[shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = (random.NextSingle() * 2 - 1) * magnitude;
        return Tensor.From<float>(shape, values);
    }
}

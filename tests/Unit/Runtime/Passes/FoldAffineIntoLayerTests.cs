using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

public class FoldAffineIntoLayerTests
{
    private static readonly string[] Arithmetic = ["Add", "Sub", "Mul", "Div"];

    [Fact]
    public void Any_chain_of_constants_behind_any_layer_goes_into_it()
    {
        int gone = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (graph, channels, rank, axis) = Layer(random);
            int count = random.Next(1, 5);
            string y = graph.Nodes[^1].Output;
            for (int i = 0; i < count; i++) y = Behind(graph, random, y, channels, rank, axis);
            graph.Outputs.Add(new TensorInfo(y, ElementType.Undefined, default));
            float[] input = Numbers(random, graph.Inputs[0].Shape.ElementCount), expected = PlannerTests.Run(new ReferenceEngine(graph), input);
            Assert.True(new FoldAffineIntoLayer().Run(graph));
            Assert.False(new FoldAffineIntoLayer().Run(graph));
            PlannerTests.AssertClose(expected, PlannerTests.Run(new ReferenceEngine(graph), input), 1e-5, $"seed {seed}");
            PlannerTests.AssertClose(expected, PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input), 1e-5, $"seed {seed}");
            Assert.DoesNotContain(graph.Nodes, static n => Arithmetic.Contains(n.OpType));
            gone += count;
        }

        Assert.True(gone > 500);
    }

    [Theory]
    [InlineData(OpTypes.MatMul, OpTypes.Gemm), InlineData(OpTypes.Gemm, OpTypes.Gemm)]
    public void A_bias_behind_a_matrix_product_makes_it_a_Gemm(string product, string expected)
    {
        var graph = Product(product, new Shape(4, 3));
        graph.Add("b", Tensor.Vector(1f, 2));
        Return(graph, new Node(OpTypes.Add, "add", ["b", "product"], ["y"]));
        Assert.True(new FoldAffineIntoLayer().Run(graph));
        Assert.Equal([expected], graph.Nodes.Select(static n => n.OpType));
        Assert.Equal("y", graph.Nodes[0].Output);
    }

    [Fact]
    public void A_bias_behind_rows_of_more_axes_makes_them_a_matrix()
    {
        var graph = Product(OpTypes.MatMul, new Shape(2, 4, 3));
        graph.Add("b", Tensor.Vector(1f, 2));
        Return(graph, new Node(OpTypes.Add, "add", ["b", "product"], ["y"]));
        Assert.True(new FoldAffineIntoLayer().Run(graph));
        Assert.Equal([OpTypes.Reshape, OpTypes.Gemm, OpTypes.Reshape], graph.Nodes.Select(static n => n.OpType));
    }

    public static TheoryData<string, Action<Graph>> Others => new()
    {
        { "a constant that spreads the output", static g => Behind(g, OpTypes.Add, Tensor.From<float>(new Shape(2, 1, 1), [1, 2])) },
        { "one number for each row", static g => Behind(g, OpTypes.Mul, Tensor.From<float>(new Shape(4, 1), [1, 2, 3, 4])) },
        { "a constant minus the output", static g =>
            {
                g.Add("c", Tensor.Vector(1f, 2));
                Return(g, new Node(OpTypes.Sub, "sub", ["c", "product"], ["y"]));
            }
        },
        { "weights that would be infinite", static g => Behind(g, OpTypes.Mul, Tensor.Vector(3e38f, 1)) },
        { "a division by zero", static g => Behind(g, OpTypes.Div, Tensor.Scalar(0f)) },
        { "an output that others read", static g =>
            {
                g.Add(new Node(OpTypes.Relu, "relu", ["product"], ["relu"]));
                g.Outputs.Add(new TensorInfo("relu", ElementType.Undefined, default));
                Behind(g, OpTypes.Add, Tensor.Scalar(1f));
            }
        },
        { "an output that the caller gets", static g =>
            {
                g.Outputs.Add(new TensorInfo("product", ElementType.Undefined, default));
                Behind(g, OpTypes.Add, Tensor.Scalar(1f));
            }
        },
        { "a factor of the product", static g =>
            {
                g.Nodes[0].With("alpha", 2f);
                Behind(g, OpTypes.Add, Tensor.Scalar(1f));
            }
        },
        { "weights that are computed", static g =>
            {
                g.Nodes.Insert(0, new Node(OpTypes.Relu, "computed", ["w"], ["w2"]));
                g.Nodes[1].Inputs[1] = "w2";
                Behind(g, OpTypes.Add, Tensor.Scalar(1f));
            }
        },
    };

    [Theory, MemberData(nameof(Others))]
    public void What_the_layer_cannot_do_stays(string what, Action<Graph> change)
    {
        var graph = Product(OpTypes.Gemm, new Shape(4, 3));
        change(graph);
        Assert.False(new FoldAffineIntoLayer().Run(graph), what);
    }

    [Fact]
    public void Weights_that_two_layers_share_stay_those_of_the_other()
    {
        var graph = Product(OpTypes.MatMul, new Shape(4, 3));
        graph.Add(new Node(OpTypes.MatMul, "other", ["x", "w"], ["z"]));
        graph.Outputs.Add(new TensorInfo("z", ElementType.Undefined, default));
        Behind(graph, OpTypes.Mul, Tensor.Scalar(2f));
        float[] input = Numbers(new Random(1), 12), expected = PlannerTests.RunAll(new ReferenceEngine(graph), input);
        Assert.True(new FoldAffineIntoLayer().Run(graph));
        Assert.Equal(expected, PlannerTests.RunAll(new ReferenceEngine(graph), input));
    }

    private static Graph Product(string opType, Shape input)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, input));
        graph.Add("w", Tensor.From<float>(new Shape(3, 2), [1, -2, 0.5f, 3, 2, 1]));
        graph.Add(new Node(opType, "product", ["x", "w"], ["product"]));
        return graph;
    }

    private static void Behind(Graph graph, string opType, Tensor constant)
    {
        graph.Add("c", constant);
        Return(graph, new Node(opType, "arithmetic", ["product", "c"], ["y"]));
    }

    private static void Return(Graph graph, Node node) => graph.Outputs.Add(new TensorInfo(graph.Add(node), ElementType.Undefined, default));

    private static string Behind(Graph graph, Random random, string x, int channels, int rank, int axis)
    {
        int[] shape = [.. Enumerable.Repeat(1, rank)];
        bool isPerChannel = random.Next(3) > 0;
        if (isPerChannel) shape[axis] = channels;
        // Axes of length 1 in front may be missing.
        shape = shape[random.Next(isPerChannel ? axis + 1 : rank + 1)..];
        float[] numbers = [.. Numbers(random, isPerChannel ? channels : 1).Select(static v => v + MathF.CopySign(0.5f, v))];
        string operation = Arithmetic[random.Next(Arithmetic.Length)], c = graph.Add($"{x}.c", Tensor.From<float>(new Shape(shape), numbers));
        bool isTurned = operation is "Add" or "Mul" && random.Next(2) == 0;
        return graph.Add(new Node(operation, $"{x}.{operation}", isTurned ? [c, x] : [x, c], [$"{x}.y"]));
    }

    private static (Graph Graph, int Channels, int Rank, int Axis) Layer(Random random)
    {
        var graph = new Graph();
        int k = random.Next(1, 6), n = random.Next(1, 6), kind = random.Next(4), rank = kind == 0 ? 4 : kind == 1 ? 2 : random.Next(2, 5);
        int[] shape = [.. Enumerable.Range(0, rank).Select(_ => random.Next(1, 4))];
        shape[kind == 0 ? 1 : ^1] = k;
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(shape)));
        bool isTransposed = kind == 1 && random.Next(2) == 0;
        var weights = kind == 0 ? new Shape(n, k, 1, 1) : isTransposed ? new Shape(n, k) : new Shape(k, n);
        List<string> inputs = ["x", graph.Add("w", Tensor.From<float>(weights, Numbers(random, n * k)))];
        if (kind < 2 && random.Next(2) == 0) inputs.Add(graph.Add("b", Tensor.Vector<float>(Numbers(random, n))));
        var node = new Node(kind == 0 ? OpTypes.Conv : kind == 1 ? OpTypes.Gemm : OpTypes.MatMul, "layer", inputs, ["layer"]);
        graph.Add(isTransposed ? node.With("transB", 1L) : node);
        return (graph, n, rank, kind == 0 ? 1 : rank - 1);
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 4 - 2)];
}

using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

public class BinaryBroadcastTests
{
    private static readonly string[] Operations = ["Add", "Sub", "Mul", "Div", "Max", "Min", "PRelu"];

    /// <summary>The kernel, whatever the layouts, against the operators' references.</summary>
    [Fact]
    public void Any_two_shapes_give_what_the_reference_gives()
    {
        int kernels = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var graph = new Graph();
            int[] shape = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.Next(1, 5))];
            string operation = Operations[random.Next(Operations.Length)];
            string a = Value(graph, random, "a", operation == "PRelu" ? shape : Spread(shape, random));
            string b = Value(graph, random, "b", Spread(shape, random));
            if (graph.Inputs.Count == 0) graph.Inputs.Add(new("unused", ElementType.Float32, new Shape(1)));
            string y = graph.Add(new Node(operation, "op", [a, b], ["y"]));
            if (random.Next(3) == 0) y = graph.Add(new Node("Relu", "relu", [y], ["z"]));
            graph.Outputs.Add(new(y, ElementType.Undefined, default));
            float[][] inputs = [.. graph.Inputs.Select(i => Floats(random, i.Shape.ElementCount))];
            var expected = Run(new ReferenceEngine(graph), inputs);
            using var fused = new FusedEngine(graph, new EngineOptions { Threads = 1 + seed % 3 });
            kernels += fused.Plan.Steps.Count(static s => s.Kernel.Name.StartsWith("BinaryFp32", StringComparison.Ordinal));
            Assert.Equal(expected, Run(fused, inputs));
        }

        Assert.True(kernels > 250, $"only {kernels}");
    }

    [Theory]
    [InlineData(new[] { 1, 8, 1, 1 }), InlineData(new[] { 2, 8, 1, 1 }), InlineData(new[] { 8, 1, 1 }), InlineData(new int[0])]
    [InlineData(new[] { 2, 1, 5, 6 }), InlineData(new[] { 5, 6 }), InlineData(new[] { 1, 1, 5, 1 }), InlineData(new[] { 2, 8, 5, 1 })]
    public void A_picture_between_convolutions_keeps_its_layout(int[] scale)
    {
        var graph = Between(scale, node: null);
        using var fused = new FusedEngine(graph, new EngineOptions());
        string[] operations = [.. fused.Plan.Steps.Select(static s => s.Operation)];
        Assert.Equal(scale is [2, 8, 5, 1] ? ["Conv", "NchwToNhwc", "Mul", "Conv", "NhwcToNchw"] : ["Conv", "Mul", "Conv", "NhwcToNchw"], operations);
        AssertSame(graph, scale);
    }

    [Fact]
    public void Squeeze_and_excitation_is_one_pass_in_place()
    {
        var graph = Between([2, 8, 1, 1], static g =>
        {
            string pooled = g.Add(new Node("GlobalAveragePool", "pool", ["before.out"], ["pooled"]));
            return g.Add(new Node("Sigmoid", "sigmoid", [pooled], ["gate"]));
        });
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(
            ["Conv", "GlobalAveragePool", "Sigmoid", "Mul", "Conv", "NhwcToNchw"],
            fused.Plan.Steps.Select(static s => s.Operation).Where(static o => o != "NchwToNhwc"));
        Assert.StartsWith("BinaryFp32", fused.Plan.Steps.Single(static s => s.Operation == "Mul").Kernel.Name, StringComparison.Ordinal);
        AssertSame(graph, [2, 8, 1, 1]);
    }

    [Fact]
    public void A_square_is_a_product_and_other_powers_are_not()
    {
        foreach (var (exponent, kernel) in new[] { (2f, "BinaryFp32"), (3f, "PowReference") })
        {
            var graph = new Graph();
            graph.Inputs.Add(new("x", ElementType.Float32, new Shape(3, 7)));
            graph.Add(new Node("Pow", "pow", ["x", graph.Add("two", Tensor.Scalar(exponent))], ["y"]));
            graph.Outputs.Add(new("y", ElementType.Float32, new Shape(3, 7)));
            using var fused = new FusedEngine(graph, new EngineOptions());
            Assert.StartsWith(kernel, Assert.Single(fused.Plan.Steps).Kernel.Name, StringComparison.Ordinal);
            float[] x = Floats(new Random(1), 21);
            Assert.Equal(Run(new ReferenceEngine(graph), [x]), Run(fused, [x]));
        }
    }

    private static void AssertSame(Graph graph, int[] scale)
    {
        float[][] inputs = [.. graph.Inputs.Select((info, i) => Floats(new Random(i), info.Shape.ElementCount))];
        PlannerTests.AssertClose(
            Run(new ReferenceEngine(graph), inputs), Run(new FusedEngine(graph, new EngineOptions { Threads = 2 }), inputs), 1e-5,
            string.Join('x', scale));
    }

    private static Graph Between(int[] scale, Func<Graph, string>? node)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2, 8, 5, 6)));
        string x = Conv(graph, "x", "before");
        string by = node is not null ? node(graph) : "scale";
        if (node is null) graph.Inputs.Add(new("scale", ElementType.Float32, new Shape(scale)));
        string y = Conv(graph, graph.Add(new Node("Mul", "mul", [x, by], ["scaled"])), "after");
        graph.Outputs.Add(new(y, ElementType.Float32, new Shape(2, 8, 5, 6)));
        return graph;
    }

    private static string Conv(Graph graph, string x, string name)
    {
        string weights = graph.Add($"{name}.weights", Tensor.From<float>(new Shape(8, 8, 1, 1), Floats(new Random(3), 64)));
        return graph.Add(new Node("Conv", name, [x, weights], [$"{name}.out"]).With("kernel_shape", new long[] { 1, 1 }));
    }

    private static string Value(Graph graph, Random random, string name, int[] shape)
    {
        if (random.Next(3) == 0) return graph.Add(name, Tensor.From<float>(new Shape(shape), Floats(random, new Shape(shape).ElementCount)));
        graph.Inputs.Add(new(name, ElementType.Float32, new Shape(shape)));
        // A picture that a pool has made has its channels innermost.
        return shape.Length == 4 && random.Next(2) == 0
            ? graph.Add(new Node("MaxPool", $"{name}.pool", [name], [$"{name}.pooled"]).With("kernel_shape", new long[] { 1, 1 })) : name;
    }

    private static int[] Spread(int[] shape, Random random)
    {
        int[] spread = [.. shape.Select(d => random.Next(3) == 0 ? 1 : d)];
        return random.Next(3) == 0 ? spread[random.Next(shape.Length + 1)..] : random.Next(2) == 0 ? shape : spread;
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 4 - 2)];

    private static float[] Run(IEngine engine, float[][] inputs)
    {
        using (engine)
        {
            for (int i = 0; i < inputs.Length; i++) engine.SetInput<float>(i, inputs[i]);
            engine.Run();
            float[] y = new float[engine.Outputs[0].Shape.ElementCount];
            engine.GetOutput<float>(0, y);
            return y;
        }
    }
}

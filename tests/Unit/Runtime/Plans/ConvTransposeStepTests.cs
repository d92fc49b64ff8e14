using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>A transposed convolution becomes ordinary ones and one pass over their outputs, and gives what the operator's reference gives.</summary>
public class ConvTransposeStepTests
{
    [Fact]
    public void Any_geometry_gives_what_the_reference_gives()
    {
        int planned = 0, separate = 0, single = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var graph = PassList.Run(RandomGraph(new Random(seed), scale: seed % 5 == 0 ? 8 : 1));
            using var fused = new FusedEngine(graph, new EngineOptions { Threads = 1 + seed % 2, Isa = seed % 5 == 0 ? "scalar" : null });
            var steps = fused.Plan.Steps;
            bool isPlanned = !steps.Any(static s => s.Kernel.Name == "ConvTransposeReference");
            int convs = steps.Count(static s => s.Operation.StartsWith("ConvTranspose", StringComparison.Ordinal));
            if (isPlanned) planned++;
            if (isPlanned && convs > 1) separate++;
            if (isPlanned && convs == 1) single++;
            AssertSame(graph, fused, new Random(seed), $"seed {seed}");
        }

        Assert.True(planned > 300 && separate >= 10 && single > 100, $"{planned} planned, {separate} as one convolution for each phase, {single} as one");
    }

    [Theory]
    [InlineData(2, 2, 0, 64), InlineData(4, 2, 1, 8), InlineData(3, 2, 1, 5), InlineData(4, 4, 0, 9), InlineData(1, 1, 0, 4), InlineData(5, 3, 2, 6)]
    public void The_usual_kernels_need_no_reference_and_no_change_of_layout(int kernel, int stride, int pad, int size)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 16, size, size)));
        var random = new Random(1);
        string Conv(string op, string x, int[] shape, params (string, object)[] attributes)
        {
            var node = new Node(op, x + op, [x, graph.Add(x + op + ".w", Weights(random, shape))], [x + op + ".y"]);
            foreach (var (name, value) in attributes) node.With(name, value);
            return graph.Add(node);
        }

        string before = Conv("Conv", "x", [16, 16, 1, 1]);
        string up = Conv("ConvTranspose", before, [16, 24, kernel, kernel], ("strides", new long[] { stride, stride }),
            ("pads", new long[] { pad, pad, pad, pad }));
        string relu = graph.Add(new Node("Relu", "relu", [up], ["relu.y"]));
        graph.Outputs.Add(new(Conv("Conv", relu, [8, 24, 1, 1]), ElementType.Undefined, default));
        using var fused = new FusedEngine(PassList.Run(graph), new EngineOptions());
        string[] operations = [.. fused.Plan.Steps.Select(static s => s.Operation).Distinct()];
        Assert.Equal(["Conv", "ConvTranspose+Relu", "SubPixels", "NhwcToNchw"], operations);
        AssertSame(graph, fused, random, "the chain");
    }

    [Fact]
    public void It_writes_into_its_slice_of_a_Concat()
    {
        var random = new Random(2);
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2, 8, 5, 5)));
        string up = graph.Add(new Node("ConvTranspose", "up", ["x", graph.Add("w", Weights(random, [8, 6, 2, 2]))], ["up.y"])
            .With("strides", new long[] { 2, 2 }));
        string skip = graph.Add(new Node("Conv", "skip", [up, graph.Add("v", Weights(random, [4, 6, 1, 1]))], ["skip.y"]));
        graph.Add(new Node("Concat", "join", [skip, up], ["y"]).With("axis", 1L));
        graph.Outputs.Add(new("y", ElementType.Undefined, default));
        using var fused = new FusedEngine(PassList.Run(graph), new EngineOptions());
        Assert.DoesNotContain(fused.Plan.Steps, static s => s.Operation == "Copy");
        AssertSame(graph, fused, random, "the Concat");
    }

    private static Graph RandomGraph(Random random, int scale)
    {
        bool isLine = random.Next(5) == 0;
        int axes = isLine ? 1 : 2, groups = random.Next(4) == 0 ? 2 : 1, inputs = scale * groups * random.Next(1, 5), outputs = scale * random.Next(1, 4);
        long[] Numbers(int least, int below) => [.. Enumerable.Range(0, axes).Select(_ => (long)random.Next(least, below))];
        long[] kernel = Numbers(1, 6), strides = Numbers(1, 4), dilations = random.Next(4) == 0 ? Numbers(1, 4) : [.. kernel.Select(static _ => 1L)];
        int[] sizes = [.. Numbers(1, 9).Select(n => (int)n + scale - 1)];
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape([random.Next(1, 3), inputs, .. sizes])));
        List<string> values = ["x", graph.Add("w", Weights(random, [inputs, outputs, .. kernel.Select(static k => (int)k)]))];
        if (random.Next(2) == 0) values.Add(graph.Add("b", Weights(random, [outputs * groups])));
        var node = new Node("ConvTranspose", "up", values, ["up.y"])
            .With("strides", strides).With("dilations", dilations).With("group", (long)groups);
        long Whole(int d) => (sizes[d] - 1) * strides[d] + (kernel[d] - 1) * dilations[d] + 1;
        switch (random.Next(4))
        {
            case 0:
                node.With("auto_pad", random.Next(2) == 0 ? "SAME_UPPER" : "SAME_LOWER");
                break;
            case 1:
                node.With("output_shape", Enumerable.Range(0, axes).Select(d => Math.Max(1, Whole(d) + random.Next(-3, 3))).ToArray());
                break;
            default:
                long[] before = [.. Enumerable.Range(0, axes).Select(d => Math.Min(random.Next(0, 4), (Whole(d) - 1) / 2))];
                node.With("pads", (long[])[.. before, .. before]);
                node.With("output_padding", Enumerable.Range(0, axes).Select(d => (long)random.Next((int)strides[d])).ToArray());
                break;
        }

        string y = graph.Add(node);
        if (random.Next(2) == 0) y = graph.Add(new Node("Relu", "relu", [y], ["z"]));
        graph.Outputs.Add(new(y, ElementType.Undefined, default));
        return graph;
    }

    private static Tensor Weights(Random random, int[] shape)
    {
        var whole = new Shape(shape);
        return Tensor.From<float>(whole, Floats(random, whole.ElementCount));
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    private static void AssertSame(Graph graph, FusedEngine fused, Random random, string what)
    {
        using var reference = new ReferenceEngine(graph);
        float[] x = Floats(random, graph.Inputs[0].Shape.ElementCount);
        float[] expected = Run(reference, x), found = Run(fused, x);
        float bound = 1e-5f * Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= bound, $"{what}: element {i} is {found[i]} where {expected[i]} is expected");
    }

    private static float[] Run(IEngine engine, float[] x)
    {
        engine.SetInput<float>(0, x);
        engine.Run();
        float[] y = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, y);
        return y;
    }
}

using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Convolutions, pools and elementwise steps over depth, height and width give what the references give, with the channels innermost.</summary>
public class ThreeAxesTests
{
    private static readonly string?[] Tiers = ["scalar", "avx2", null];

    [Fact]
    public void Any_convolution_over_three_axes_gives_what_the_reference_gives()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int groups = random.Next(4) switch { 0 => 2, 1 => 4, _ => 1 }, inputs = groups * random.Next(1, 5), outputs = groups * random.Next(1, 5);
            var graph = new Graph();
            int[] sizes = [random.Next(1, 7), random.Next(1, 9), random.Next(1, 9)];
            graph.Inputs.Add(new("x", ElementType.Float32, new Shape([random.Next(1, 3), inputs, .. sizes])));
            var kinds = random.Next(4);
            int[] kernel = [.. sizes.Select((_, d) => kinds == (d == 0 ? 1 : 2) ? 1 : random.Next(1, 4))];
            long[] strides = Longs(3, _ => random.Next(3) == 0 ? 2 : 1), dilations = Longs(3, _ => random.Next(5) == 0 ? 2 : 1);
            long[] before = Longs(3, d => (kernel[d] - 1) * dilations[d] / 2 + (random.Next(9) == 0 ? 1 : 0));
            if (Enumerable.Range(0, 3).Any(d => sizes[d] + 2 * before[d] < (kernel[d] - 1) * dilations[d] + 1)) continue;
            string y = graph.Add(new Node("Conv", "conv", ["x", Weights(graph, random, [outputs, inputs / groups, .. kernel])], ["conv.y"])
                .With("strides", strides).With("dilations", dilations).With("pads", (long[])[.. before, .. before]).With("group", (long)groups));
            if (random.Next(2) == 0) y = graph.Add(new Node("Relu", "relu", [y], ["relu.y"]));
            AssertSame(graph, y, seed, "Conv");
        }
    }

    [Fact]
    public void A_residual_block_over_stacks_of_pictures_stays_channels_innermost_to_its_end()
    {
        foreach (string scale in new[] { "per channel", "per picture", "none" })
        {
            var random = new Random(5);
            var graph = new Graph();
            graph.Inputs.Add(new("x", ElementType.Float32, new Shape(2, 3, 4, 9, 10)));
            string Conv(string name, string x, int[] weights, params long[] pads) => graph.Add(
                new Node("Conv", name, [x, Weights(graph, random, weights)], [name + ".y"]).With("pads", (long[])[.. pads, .. pads]));
            string stem = graph.Add(new Node("Relu", "relu", [Conv("stem", "x", [8, 3, 3, 3, 3], 1, 1, 1)], ["relu.y"]));
            string space = Conv("space", stem, [8, 8, 1, 3, 3], 0, 1, 1), time = Conv("time", space, [8, 8, 3, 1, 1], 1, 0, 0);
            string add = graph.Add(new Node("Add", "add", [time, stem], ["add.y"]));
            string pooled = graph.Add(new Node("MaxPool", "pool", [add], ["pool.y"])
                .With("kernel_shape", new long[] { 1, 3, 3 }).With("strides", new long[] { 1, 2, 2 }).With("pads", new long[] { 0, 1, 1, 0, 1, 1 }));
            string later = graph.Add(new Node("MaxPool", "later", [pooled], ["later.y"])
                .With("kernel_shape", new long[] { 2, 1, 1 }).With("strides", new long[] { 2, 1, 1 }));
            if (scale == "per channel") later = graph.Add(new Node("Mul", "mul", [later, Weights(graph, random, [8, 1, 1, 1])], ["mul.y"]));
            if (scale == "per picture") later = graph.Add(new Node("Mul", "mul", [later, Weights(graph, random, [1, 1, 2, 5, 5])], ["mul.y"]));
            string y = graph.Add(new Node("GlobalAveragePool", "mean", [later], ["y"]));
            graph.Outputs.Add(new(y, ElementType.Undefined, default));
            var passed = PassList.Run(graph);
            using var fused = new FusedEngine(passed, new EngineOptions());
            string[] operations = [.. fused.Plan.Steps.Select(static s => s.Operation)];
            string[] scaled = scale == "none" ? [] : ["Mul"];
            Assert.Equal(["NchwToNhwc", "Conv+Relu", "Conv", "Conv+Add", "MaxPool", "MaxPool", .. scaled, "GlobalAveragePool"], operations);
            AssertSame(graph, y, 5, scale);
        }
    }

    [Fact]
    public void Pools_over_three_axes_give_what_the_references_give()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var graph = new Graph();
            int[] sizes = [random.Next(1, 7), random.Next(1, 9), random.Next(1, 9)];
            graph.Inputs.Add(new("x", ElementType.Float32, new Shape([random.Next(1, 3), random.Next(1, 11), .. sizes])));
            int kind = random.Next(4);
            long[] kernel = Longs(3, d => kind == (d == 0 ? 1 : 2) ? 1 : random.Next(1, 4));
            long[] strides = Longs(3, d => kind == (d == 0 ? 1 : 2) ? 1 : random.Next(1, 3)), pads = Longs(3, d => kernel[d] / 2);
            if (Enumerable.Range(0, 3).Any(d => sizes[d] + 2 * pads[d] < kernel[d])) continue;
            string operation = random.Next(2) == 0 ? "MaxPool" : "AveragePool";
            var node = new Node(operation, "pool", ["x"], ["y"]).With("kernel_shape", kernel).With("strides", strides)
                .With("pads", (long[])[.. pads, .. pads]).With("ceil_mode", (long)random.Next(2));
            if (operation == "AveragePool") node.With("count_include_pad", (long)random.Next(2));
            AssertSame(graph, graph.Add(node), seed, operation);
        }
    }

    private static long[] Longs(int count, Func<int, long> of) => [.. Enumerable.Range(0, count).Select(of)];

    private static string Weights(Graph graph, Random random, int[] shape)
    {
        var whole = new Shape(shape);
        return graph.Add($"w{graph.Initializers.Count}", Tensor.From<float>(whole, Floats(random, whole.ElementCount)));
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    private static void AssertSame(Graph graph, string y, int seed, string what)
    {
        if (graph.Outputs.Count == 0) graph.Outputs.Add(new(y, ElementType.Undefined, default));
        var passed = PassList.Run(graph);
        using var reference = new ReferenceEngine(passed);
        using var fused = new FusedEngine(passed, new EngineOptions { Threads = 1 + seed % 3, Isa = Tiers[seed % Tiers.Length] });
        float[] x = Floats(new Random(seed), graph.Inputs[0].Shape.ElementCount), expected = Run(reference, x), found = Run(fused, x);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 3e-5f, $"{what}, seed {seed}: element {i} is {found[i]} where {expected[i]} is expected");
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

using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

public class PlannerTests
{
    public static TheoryData<string> Tiers => [.. KernelTiers.AvailableNames];

    [Theory, MemberData(nameof(Tiers))]
    public void Fused_float_networks_equal_the_reference(string tier)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var graph = RandomNetworks.Make(seed);
            float[] input = RandomNetworks.Input(graph, seed);
            AssertClose(
                Run(new ReferenceEngine(graph), input), Run(new FusedEngine(graph, new EngineOptions { Isa = tier }), input), 1e-5, $"seed {seed}");
        }
    }

    /// <summary>A broken sensor must not look like a confident answer. Winograd's tiles spread a NaN to the pixels beside it.</summary>
    [Theory, MemberData(nameof(Tiers))]
    public void A_nan_comes_out_where_the_reference_has_one(string tier)
    {
        int seen = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var graph = FuzzNetworks.Make(seed, isExact: false);
            float[] input = RandomNetworks.Input(graph, seed);
            input[seed * 7 % input.Length] = float.NaN;
            bool[] expected = [.. RunAll(new ReferenceEngine(graph), input).Select(float.IsNaN)];
            Assert.Equal(expected, RunAll(new FusedEngine(graph, new EngineOptions { Isa = tier, Winograd = false }), input).Select(float.IsNaN));
            float[] fast = RunAll(new FusedEngine(graph, new EngineOptions { Isa = tier }), input);
            Assert.All(fast.Zip(expected), static v => Assert.True(float.IsNaN(v.First) || !v.Second));
            seen += expected.Count(static isNaN => isNaN);
        }

        Assert.True(seen > 1000);
    }

    [Fact]
    public void A_bias_for_each_row_of_a_product_is_not_taken_for_one_of_each_column()
    {
        foreach (int[] shape in new int[][] { [3, 1], [1, 3], [3], [1], [], [3, 3], [1, 1] })
        {
            var graph = new Graph();
            graph.Inputs.Add(new TensorInfo("a", ElementType.Float32, new Shape(3, 2)));
            graph.Add("b", Tensor.From<float>(new Shape(2, 3), [1, 2, 3, 4, 5, 6]));
            graph.Add("c",
                Tensor.From<float>(new Shape(shape), [.. Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(i => 10f * (i + 1))]));
            graph.Add(new Node("Gemm", "gemm", ["a", "b", "c"], ["y"]));
            graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(3, 3)));
            float[] a = [1, 0, 0, 1, 1, 1];
            Assert.Equal(Run(new ReferenceEngine(graph), a), Run(new FusedEngine(graph, new EngineOptions()), a));
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var graph = RandomNetworks.Make(seed);
            float[] input = RandomNetworks.Input(graph, seed);
            Assert.Equal(
                Run(new FusedEngine(graph, new EngineOptions()), input), Run(new FusedEngine(graph, new EngineOptions { Threads = 3 }), input));
        }
    }

    [SkippableFact]
    public void Winograds_method_can_be_refused()
    {
        Skip.If(KernelTiers.Best == KernelTiers.Scalar || !KernelTiers.Avx2.IsAvailable, "no tier here has Winograd's method");
        var shape = new Shape(1, 64, 56, 56);
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, shape));
        graph.Initializers["w"] = Tensor.From<float>(new Shape(64, 64, 3, 3), new float[64 * 64 * 9]);
        graph.Add(new Node("Conv", "conv", ["x", "w"], ["y"]).With("pads", new long[] { 1, 1, 1, 1 }));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, shape));
        string Kernel(bool winograd)
        {
            using var engine = new FusedEngine(graph, new EngineOptions { Winograd = winograd });
            return engine.Plan.Steps.Single(s => s.Operation == "Conv").Kernel.Name;
        }

        Assert.Contains("Winograd", Kernel(true), StringComparison.Ordinal);
        Assert.DoesNotContain("Winograd", Kernel(false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        var graph = RandomNetworks.Make(3);
        using var engine = new FusedEngine(graph, new EngineOptions());
        float[] input = RandomNetworks.Input(graph, 1), output = new float[engine.Outputs[0].Shape.ElementCount];
        for (int i = 0; i < 3; i++) RunOnce(engine, input, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) RunOnce(engine, input, output);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Every_residual_add_is_fused_into_a_convolution()
    {
        int adds = 0;
        for (int seed = 0; seed < 30; seed++)
        {
            var graph = RandomNetworks.Make(seed);
            using var engine = new FusedEngine(graph, new EngineOptions());
            int fused = engine.Plan.Steps.Sum(s => s.FusedAdds);
            Assert.Equal(graph.Nodes.Count(n => n.OpType == "Add"), fused);
            Assert.DoesNotContain(engine.Plan.Steps, s => s.Operation.StartsWith("Add", StringComparison.Ordinal));
            adds += fused;
        }

        Assert.InRange(adds, 20, 200);
    }

    [Fact]
    public void A_second_run_on_the_same_input_gives_the_same_output()
    {
        var graph = RandomNetworks.Make(5);
        using var engine = new FusedEngine(graph, new EngineOptions());
        float[] first = new float[engine.Outputs[0].Shape.ElementCount], second = new float[first.Length];
        RunOnce(engine, RandomNetworks.Input(graph, 1), first);
        engine.Run();
        engine.GetOutput<float>(0, second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_wrong_input_length_is_refused()
    {
        using var engine = new FusedEngine(RandomNetworks.Make(5), new EngineOptions());
        Assert.Throws<ArgumentException>(() => engine.SetInput<float>(0, new float[3]));
    }

    /// <summary>Every output's values, one after another.</summary>
    internal static float[] RunAll(IEngine engine, float[] input)
    {
        using (engine)
        {
            engine.SetInput<float>(0, input);
            engine.Run();
            return [.. engine.Outputs.SelectMany((info, i) =>
            {
                float[] values = new float[info.Shape.ElementCount];
                engine.GetOutput<float>(i, values);
                return values;
            })];
        }
    }

    internal static float[] Run(IEngine engine, float[] input)
    {
        using (engine)
        {
            var output = new float[engine.Outputs[0].Shape.ElementCount];
            RunOnce(engine, input, output);
            return output;
        }
    }

    internal static void AssertClose(float[] expected, float[] actual, double bound, string what)
    {
        double largest = expected.Max(v => float.IsNaN(v) ? 0 : Math.Abs((double)v)), worst = 0;
        for (int i = 0; i < expected.Length; i++)
            if (!float.IsNaN(expected[i]) || !float.IsNaN(actual[i])) worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]));
        Assert.True(worst <= bound * largest, $"{what}: difference {worst:G3} of largest {largest:G3}");
    }

    private static void RunOnce(IEngine engine, float[] input, float[] output)
    {
        engine.SetInput<float>(0, input);
        engine.Run();
        engine.GetOutput<float>(0, output);
    }
}

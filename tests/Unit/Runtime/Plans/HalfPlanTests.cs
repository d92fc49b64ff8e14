using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Steps;
using ResNetEdge.Tests.Unit.Exporter.HalfPrecision;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Plans that hold values in float16, by the reference kernels: those of processors with half arithmetic have the same steps.</summary>
public class HalfPlanTests
{
    /// <summary>Two ways of rounding each value to eleven bits, as a share of the largest output.</summary>
    private const double Bound = 0.02;

    private static readonly EngineOptions Halves = new() { HalfByReference = true };

    [Fact]
    public void Half_plans_equal_the_literal_file_within_the_bound()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var half = HalfGraphs.Of(RandomNetworks.Make(seed));
            float[] input = RandomNetworks.Input(half, seed);
            float[] literal = HalfGraphs.Run(HalfGraphs.Literal(half), input), planned = HalfGraphs.Run(new FusedEngine(half, Halves), input);
            double distance = HalfGraphs.Distance(literal, planned);
            Assert.True(distance <= Bound, $"seed {seed}: {distance}");
        }
    }

    [Fact]
    public void Any_graph_runs_in_half_whatever_has_kernels()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var half = HalfGraphs.Of(FuzzNetworks.Make(seed, isExact: false));
            float[] input = RandomNetworks.Input(half, seed);
            float[] single = HalfGraphs.Run(new FusedEngine(half, new EngineOptions()), input);
            float[] planned = HalfGraphs.Run(new FusedEngine(half, Halves with { Threads = 1 + seed % 3 }), input);
            double distance = HalfGraphs.Distance(single, planned);
            Assert.True(distance <= 3 * Bound, $"seed {seed}: {distance}");
        }
    }

    [Fact]
    public void Between_the_input_and_the_output_of_a_residual_network_nothing_is_converted()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using var engine = new FusedEngine(HalfGraphs.Of(RandomNetworks.Make(seed)), Halves);
            var conversions = engine.Plan.Steps.Where(static s => s.Kernel.Name.StartsWith("ConvertFp16", StringComparison.Ordinal)).ToList();
            Assert.True(conversions.Count == 2, $"seed {seed}: {string.Join(", ", engine.Plan.Steps.Select(static s => s.Operation))}");
            Assert.True(engine.Plan.ComputesHalf);
            Assert.Empty(engine.Notes);
        }
    }

    [Fact]
    public void The_arena_of_a_half_plan_is_smaller_and_its_weights_are_half()
    {
        var half = HalfGraphs.Of(RandomNetworks.Make(7));
        using FusedEngine single = new(half, new EngineOptions { Isa = "scalar" }), planned = new(half, Halves with { Isa = "scalar" });
        Assert.True(planned.Plan.ArenaBytes < single.Plan.ArenaBytes, $"{planned.Plan.ArenaBytes} of {single.Plan.ArenaBytes}");
    }

    [Fact]
    public void Without_half_arithmetic_the_network_is_computed_in_float32_and_says_so()
    {
        using var engine = new FusedEngine(HalfGraphs.Of(RandomNetworks.Make(3)), new EngineOptions { Isa = "scalar" });
        Assert.False(engine.Plan.ComputesHalf);
        Assert.Equal("fp16 network, computed in fp32: this core has no half arithmetic", Assert.Single(engine.Notes));
        Assert.DoesNotContain(engine.Plan.Steps, static s => s.Kernel.Name.Contains("Fp16", StringComparison.Ordinal));
    }

    [Fact]
    public void Concatenated_and_shuffled_channels_stay_in_half()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 4, 6, 6)));
        var random = new Random(1);
        foreach (string name in new[] { "a", "b" })
        {
            graph.Add(name, Tensor.From<float>(new Shape(8, 4, 1, 1), [.. Enumerable.Range(0, 32).Select(_ => random.NextSingle() - 0.5f)]));
            graph.Add(new Node("Conv", "conv " + name, ["x", name], ["c" + name]));
        }

        graph.Add(new Node("Concat", "concat", ["ca", "cb"], ["j"]).With("axis", 1L));
        graph.Add("indices", Tensor.Vector<long>([.. Enumerable.Range(0, 16).Select(static i => (long)(15 - i))]));
        graph.Add(new Node("Gather", "gather", ["j", "indices"], ["g"]).With("axis", 1L));
        graph.Add("c", Tensor.From<float>(new Shape(3, 16, 1, 1), [.. Enumerable.Range(0, 48).Select(_ => random.NextSingle() - 0.5f)]));
        graph.Add(new Node("Conv", "last", ["g", "c"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 3, 6, 6)));
        var half = HalfGraphs.Of(graph);
        float[] input = RandomNetworks.Input(half, 1);
        using var engine = new FusedEngine(half, Halves);
        Assert.Equal(["Cast", "Conv", "Conv", "Gather", "Conv", "NhwcToNchw", "Cast"], engine.Plan.Steps.Select(static s => s.Operation));
        Assert.InRange(HalfGraphs.Distance(HalfGraphs.Run(HalfGraphs.Literal(half), input), HalfGraphs.Run(engine, input)), 0, Bound);
    }

    [Fact]
    public void The_same_border_in_another_type_has_as_many_elements()
    {
        var floats = new PlanBuffer(
            new Storage(2 * 15 * 13 * 12), ElementType.Float32, new NhwcShape(2, 9, 7, 3),
            new Placement((3 * 13 + 3) * 12, 12, 13 * 12, 15 * 13 * 12));
        var halves = floats.InSameBorder(ElementType.Float16);
        Assert.True(floats.HasBorder && halves.HasBorder);
        Assert.Equal(new Placement((3 * 13 + 3) * 6, 6, 13 * 6, 15 * 13 * 6), halves.Inside);
        Assert.Equal((2 * 15 * 13 * 6, ElementType.Float16, floats.Shape), (halves.Storage.Bytes, halves.Type, halves.Shape));
        Assert.True(halves.Storage.IsPersistent);
        Assert.False(PlanBuffer.Dense(ElementType.Float16, floats.Shape).HasBorder);
    }

    /// <summary>
    /// A picture in a border of zeros, which first layers read instead of asking for each tap whether it lies outside: nothing may write it.
    /// </summary>
    [Fact]
    public void A_picture_in_half_lies_in_the_border_that_all_first_layers_need()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(2, 3, 9, 7)));
        var random = new Random(1);
        foreach (var (name, size, pad) in new[] { ("a", 7, 3L), ("b", 3, 1) })
        {
            graph.Add(name, Tensor.From<float>(
                new Shape(5, 3, size, size), [.. Enumerable.Range(0, 15 * size * size).Select(_ => random.NextSingle() - 0.5f)]));
            graph.Add(new Node("Conv", "conv " + name, ["x", name], ["c" + name]).With("pads", new[] { pad, pad, pad, pad }));
        }

        graph.Add(new Node("Add", "add", ["ca", "cb"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(2, 5, 9, 7)));
        var half = HalfGraphs.Of(graph);
        using var engine = new FusedEngine(half, Halves);
        float[] y = new float[engine.Outputs[0].Shape.ElementCount];
        for (int run = 0; run < 3; run++)
        {
            float[] input = RandomNetworks.Input(half, run);
            engine.SetInput<float>(0, input);
            engine.Run();
            engine.GetOutput<float>(0, y);
            Assert.InRange(HalfGraphs.Distance(HalfGraphs.Run(HalfGraphs.Literal(half), input), y), 0, Bound);
        }
    }
}

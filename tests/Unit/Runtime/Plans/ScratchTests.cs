using ResNetEdge.Backends.Cpu;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Scratch memory of a step lies in the arena, and only while the step runs.</summary>
public class ScratchTests
{
    private const int Channels = 48, Size = 20;

    [SkippableFact]
    public void Winograd_blocks_equal_the_reference_with_any_number_of_threads()
    {
        Skip.If(!KernelTiers.Avx2.IsAvailable, $"needs a tier with Winograd kernels: {KernelTiers.Avx2.Obstacle}");
        var graph = Blocks(3);
        float[] input = RandomNetworks.Input(graph, 1);
        float[] expected = PlannerTests.Run(new ReferenceEngine(graph), input);
        float[] one = PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input);
        PlannerTests.AssertClose(expected, one, 1e-5, "one thread");
        for (int threads = 2; threads <= 4; threads++)
            Assert.Equal(one, PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Threads = threads }), input));
    }

    [SkippableFact]
    public void More_threads_than_were_planned_for_give_the_same_result()
    {
        Skip.If(!KernelTiers.Avx2.IsAvailable, $"needs a tier with Winograd kernels: {KernelTiers.Avx2.Obstacle}");
        var graph = Blocks(2);
        float[] input = RandomNetworks.Input(graph, 2);
        using var model = new FusedModel(graph, new EngineOptions { Threads = 2 });
        Assert.Equal(
            PlannerTests.Run(new FusedEngine(model, new EngineOptions()), input),
            PlannerTests.Run(new FusedEngine(model, new EngineOptions { Threads = 4 }), input));
    }

    [SkippableFact]
    public void Steps_share_their_scratch_memory()
    {
        Skip.If(!KernelTiers.Avx2.IsAvailable, $"needs a tier with Winograd kernels: {KernelTiers.Avx2.Obstacle}");
        using var two = new FusedModel(Blocks(2), new EngineOptions());
        using var six = new FusedModel(Blocks(6), new EngineOptions());
        Assert.Equal(12, six.Plan.Steps.Count(step => step.Kernel.Name.Contains("Winograd", StringComparison.Ordinal)));
        Assert.Equal(two.Plan.ArenaBytes, six.Plan.ArenaBytes);
        using var threads = new FusedModel(Blocks(2), new EngineOptions { Threads = 3 });
        Assert.True(threads.Plan.ArenaBytes > two.Plan.ArenaBytes);
    }

    /// <summary>Residual blocks of two 3×3 convolutions, all of one size; the input is quickly free again.</summary>
    private static Graph Blocks(int count)
    {
        var random = new Random(7);
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("input", ElementType.Float32, new Shape(1, Channels, Size, Size)));
        string x = "input";
        for (int i = 0; i < count; i++)
        {
            string branch = Relu(graph, Conv(graph, random, x, $"{i}a"), $"{i}a");
            x = Relu(graph, graph.Add(new Node("Add", $"add{i}", [Conv(graph, random, branch, $"{i}b"), x], [$"sum{i}"])), $"{i}b");
        }

        graph.Outputs.Add(new TensorInfo(x, ElementType.Float32, new Shape(1, Channels, Size, Size)));
        return graph;
    }

    private static string Conv(Graph graph, Random random, string x, string name)
    {
        var weights = Tensor.From<float>(new Shape(Channels, Channels, 3, 3),
            [.. Enumerable.Range(0, Channels * Channels * 9).Select(_ => (float)((random.NextDouble() * 2 - 1) / 20))]);
        return graph.Add(
            new Node("Conv", $"conv{name}", [x, graph.Add($"weights{name}", weights)], [$"convolved{name}"]).With("pads", new long[] { 1, 1, 1, 1 }));
    }

    private static string Relu(Graph graph, string x, string name) => graph.Add(new Node("Relu", $"relu{name}", [x], [$"positive{name}"]));
}

using ResNetEdge.Backends.Cpu;
using ResNetEdge.Device.Native;
using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Onnx;
using ResNetEdge.Packages;
using ResNetEdge.Passes;
using ResNetEdge.Plans;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Packages;

public class ModelSourceTests
{
    private int _reads;

    public static TheoryData<string> Tiers => [.. KernelTiers.AvailableNames];

    [Theory, MemberData(nameof(Tiers))]
    public void Letting_weights_go_while_packing_changes_no_bit(string tier)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var graph = RandomNetworks.Make(seed);
            float[] input = RandomNetworks.Input(graph, seed);
            var options = new EngineOptions { Isa = tier };
            Assert.Equal(PlannerTests.Run(new FusedEngine(graph, options), input), PlannerTests.Run(new FusedEngine(Source(graph), options), input));
            var plan = Planner.Make(PassList.Run(graph), new CpuBackend(KernelTiers.Find(tier)), 1);
            using var taken = Source(graph).Take();
            var parallel = Planner.Make(PassList.Run(taken.Graph), new CpuBackend(KernelTiers.Find(tier)), 4, taken.GiveBack);
            Assert.Equal(
                plan.Steps.Select(s => (s.Operation, s.Node, s.Kernel.Name, s.Kernel.PackedBytes)),
                parallel.Steps.Select(s => (s.Operation, s.Node, s.Kernel.Name, s.Kernel.PackedBytes)));
        }
    }

    [Fact]
    public void Layers_that_share_their_weights_both_get_them()
    {
        var graph = SharedWeights();
        float[] input = RandomNetworks.Input(graph, 1);
        Assert.Equal(
            PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input),
            PlannerTests.Run(new FusedEngine(Source(graph), new EngineOptions()), input));
    }

    [Fact]
    public void A_taken_model_is_read_again_for_the_next_who_asks()
    {
        var source = Source(RandomNetworks.Make(1));
        using (var taken = source.Take()) Assert.NotEmpty(taken.Graph.Nodes);
        Assert.Equal(1, _reads);
        Assert.NotEqual(0, source.Bytes.Span.Length);
        Assert.NotEmpty(source.Graph.Nodes);
        Assert.Equal(2, _reads);
    }

    [Fact]
    public void Weights_of_a_taken_model_throw_afterwards()
    {
        var taken = Source(RandomNetworks.Make(1)).Take();
        var weights = taken.Graph.Initializers.Values.First();
        taken.Dispose();
        Assert.Throws<ObjectDisposedException>(() => weights.Bytes.Span[0]);
    }

    [Fact]
    public void What_others_were_given_stays()
    {
        var source = Source(RandomNetworks.Make(1));
        var graph = source.Graph;
        using var engine = new FusedEngine(source, new EngineOptions());
        Assert.All(graph.Initializers.Values, constant => _ = constant.Bytes.Span.Length);
        Assert.Contains(graph.Initializers.Values, constant => constant.Bytes.Span.IndexOfAnyExcept((byte)0) >= 0);
    }

    [Fact]
    public void The_kind_of_output_is_remembered()
    {
        var source = Source(RandomNetworks.Make(1));
        source.Take().Dispose();
        Assert.False(source.EndsInSoftmax);
        Assert.Equal(1, _reads);
    }

    private ModelSource Source(Graph graph)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(graph, stream);
        return new ModelSource("m", null, () => Read(stream.ToArray()), bytes => OnnxReader.Read(bytes, "m"));
    }

    private ReadOnlyMemory<byte> Read(byte[] file)
    {
        _reads++;
        var bytes = new FileBytes(file.Length);
        file.CopyTo(bytes.GetSpan());
        return bytes.Memory;
    }

    /// <summary>Two convolutions with one weight tensor of more than a page.</summary>
    private static Graph SharedWeights()
    {
        const int Channels = 64;
        var graph = new Graph();
        var shape = new Shape(1, Channels, 4, 4);
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, shape));
        var random = new Random(1);
        graph.Initializers["w"] = Tensor.From<float>(
            new Shape(Channels, Channels, 1, 1), [.. Enumerable.Range(0, Channels * Channels).Select(_ => random.NextSingle() - 0.5f)]);
        graph.Add(new Node("Conv", "first", ["x", "w"], ["y"]));
        graph.Add(new Node("Conv", "second", ["y", "w"], ["z"]));
        graph.Outputs.Add(new TensorInfo("z", ElementType.Float32, shape));
        return graph;
    }
}

using ResNetEdge.Backends;
using ResNetEdge.Backends.Null;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>What the planner makes of a residual network, on a backend without kernels: steps, fusions, places.</summary>
public class ResidualPlanTests
{
    private const int Size = 8, Channels = 8, Classes = 10;

    [Fact]
    public void A_residual_network_is_one_step_for_each_convolution_pool_and_product()
    {
        using var plan = Planner.Make(Network(), new NullBackend(), 1);
        Assert.Equal(["Conv+Relu", "Conv+Relu", "Conv+Add+Relu", "GlobalAveragePool", "Gemm"], plan.Steps.Select(s => s.Operation));
        Assert.Equal(["stem", "conv1", "conv2", "pool", "classify"], plan.Steps.Select(s => s.Node));
        Type conv = typeof(ConvFp32Problem);
        Assert.Equal([conv, conv, conv, typeof(AveragePoolProblem), conv], Problems(plan).Select(p => p.GetType()));
        Assert.Equal([0, 0, 1, 0, 0], plan.Steps.Select(s => s.FusedAdds));
        Assert.Equal(9L * 4 * Channels * Size * Size, plan.Steps[0].Macs);
    }

    [Fact]
    public void Fused_activation_and_shortcut_are_part_of_the_convolution()
    {
        using var plan = Planner.Make(Network(), new NullBackend(), 1);
        var (stem, block) = ((ConvFp32Problem)Problems(plan)[0], (ConvFp32Problem)Problems(plan)[2]);
        Assert.Equal((0, float.PositiveInfinity, null), (stem.Low, stem.High, stem.Residual));
        // The shortcut is read for the last time, so the sum takes its place.
        Assert.Equal(stem.Output, block.Residual);
        Assert.Equal(stem.Output, block.Output);
    }

    [Fact]
    public void The_arena_holds_what_lives_at_the_same_time_and_no_more()
    {
        using var plan = Planner.Make(Network(), new NullBackend(), 1);
        // Each a multiple of 64: input with its border, two runs of padding, the logits; the activation that the block rewrites and the one between
        // its convolutions, whose place the mean takes; then slack.
        const int Input = (Size + 2) * (Size + 2) * 4 * 4, Padding = 128, Activation = Size * Size * Channels * 4, Logits = 64;
        Assert.Equal(Input + 2 * Padding + 2 * Activation + Logits + Placement.ReadSlack, plan.ArenaBytes);
    }

    [Fact]
    public void Steps_share_the_scratch_memory_that_the_backend_asks_for()
    {
        using var without = Planner.Make(Network(), new NullBackend(), 1);
        using var with = Planner.Make(Network(), new Demanding { BytesPerThread = 640 }, 3);
        Assert.Equal(3 * 640, with.ArenaBytes - without.ArenaBytes);
        Assert.All(Problems(with), p => Assert.Equal(3 * 640, p.Scratch!.Value.Bytes));
        // The other steps find room where an activation of the block will lie or has lain.
        Assert.Equal(Problems(with)[1].Scratch, Problems(with)[2].Scratch);
        Assert.All(Problems(without), p => Assert.Null(p.Scratch));
    }

    [Fact]
    public void A_step_that_the_backend_does_not_take_is_named()
    {
        var failure = Assert.Throws<EdgeException>(() => Planner.Make(Network(), new Demanding { Refused = typeof(AveragePoolProblem) }, 1));
        Assert.Equal(FailureKind.Unavailable, failure.Kind);
        Assert.Equal("the step GlobalAveragePool of node 'pool' cannot run on the backend 'demanding'", failure.Message);
        failure = Assert.Throws<EdgeException>(() => Planner.Make(Network(), new Demanding { Refused = typeof(ConvFp32Problem) }, 1));
        Assert.Equal(FailureKind.Unavailable, failure.Kind);
    }

    private static List<StepProblem> Problems(Plan plan) => [.. plan.Steps.Select(s => ((NullKernel)s.Kernel).Problem)];

    /// <summary>Stem, one block with an identity shortcut, head.</summary>
    private static Graph Network()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("picture", ElementType.Float32, new Shape(1, 4, Size, Size)));
        string stem = Relu(graph, Conv(graph, "picture", "stem", 4), "stem");
        string branch = Conv(graph, Relu(graph, Conv(graph, stem, "conv1", Channels), "conv1"), "conv2", Channels);
        string sum = graph.Add(new Node("Add", "add", [branch, stem], ["sum"]));
        string pooled = graph.Add(new Node("GlobalAveragePool", "pool", [Relu(graph, sum, "block")], ["pooled"]));
        string flat = graph.Add(new Node("Flatten", "flatten", [pooled], ["flat"]));
        string weights = graph.Add("classes", Tensor.From<float>(new Shape(Classes, Channels), new float[Classes * Channels]));
        graph.Add(new Node("Gemm", "classify", [flat, weights], ["logits"]).With("transB", 1L));
        graph.Outputs.Add(new TensorInfo("logits", ElementType.Float32, new Shape(1, Classes)));
        return graph;
    }

    private static string Conv(Graph graph, string x, string name, int inputs)
    {
        string weights = graph.Add($"{name}_weights", Tensor.From<float>(new Shape(Channels, inputs, 3, 3), new float[Channels * inputs * 9]));
        return graph.Add(new Node("Conv", name, [x, weights], [$"{name}_sums"]).With("pads", new long[] { 1, 1, 1, 1 }));
    }

    private static string Relu(Graph graph, string x, string name) => graph.Add(new Node("Relu", $"{name}_relu", [x], [$"{name}_positive"]));

    /// <summary>Wants scratch memory, or refuses a kind of problem.</summary>
    private sealed class Demanding : IBackend
    {
        private readonly NullBackend _rest = new();

        public long BytesPerThread { get; init; }

        public Type? Refused { get; init; }

        public string Name => "demanding";

        public bool Takes(StepProblem problem) => problem.GetType() != Refused;

        public long ScratchBytes(StepProblem problem, int threads) => threads * BytesPerThread;

        public IStepKernel Prepare(StepProblem problem) => _rest.Prepare(problem);
    }
}

using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Tests.Unit.Runtime.Backends.Cpu;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

public class UnaryActivationTests
{
    private const int Channels = 5;
    private static readonly Shape Picture = new(1, Channels, 9, 7);
    private static readonly float[] Input = [.. Enumerable.Range(0, Picture.ElementCount).Select(i => (i - 150) * 0.04f)];

    public static TheoryData<string> Names => [.. ElementwiseFunctions.Operators.Select(o => o.OpType)];

    [Theory, MemberData(nameof(Names))]
    public void A_quantised_function_is_a_table_with_the_bits_of_a_literal_evaluation(string name)
    {
        foreach (bool isSigned in new[] { false, true })
        {
            var graph = Start();
            string x = Pair(graph, "x", 0.0471f, isSigned ? -11 : 117, isSigned);
            string y = Pair(graph, Function(graph, name, x), 0.0213f, isSigned ? -77 : 51, isSigned);
            Return(graph, y, Picture);
            using var fused = new FusedEngine(graph, new EngineOptions { Threads = 3 });
            Assert.Single(fused.Plan.Steps, s => s.Kernel.Name.StartsWith("UnaryInt8", StringComparison.Ordinal));
            Assert.DoesNotContain(fused.Plan.Steps, s => s.Kernel.Name.StartsWith("UnaryFp32", StringComparison.Ordinal));
            Assert.Equal(PlannerTests.Run(new ReferenceEngine(graph), Input), PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), Input));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_float_function_keeps_the_layout_and_writes_over_its_input(string name)
    {
        var graph = Between(name, functions: 1);
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(["Conv", "MaxPool", name, "Conv", "NhwcToNchw"], fused.Plan.Steps.Select(s => s.Operation));
        Assert.StartsWith("UnaryFp32", fused.Plan.Steps[2].Kernel.Name, StringComparison.Ordinal);
        using var twice = new FusedEngine(Between(name, functions: 2), new EngineOptions());
        Assert.Equal(fused.Plan.ArenaBytes, twice.Plan.ArenaBytes);
        PlannerTests.AssertClose(
            PlannerTests.Run(new ReferenceEngine(graph), Input), PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), Input), 1e-6, name);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_function_of_a_matrix_runs_in_lanes_too(string name)
    {
        var graph = new Graph { IsConverted = true }; // so that operators later than set 17 are known
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(Channels, Picture.ElementCount / Channels)));
        string y = Function(graph, name, "x");
        graph.Outputs.Add(new TensorInfo(y, ElementType.Float32, graph.Inputs[0].Shape));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.StartsWith("UnaryFp32", Assert.Single(fused.Plan.Steps).Kernel.Name, StringComparison.Ordinal);
        Assert.Equal(
            PlannerTests.Run(new ReferenceEngine(graph), Input), PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Threads = 2 }), Input));
    }

    [Fact]
    public void A_function_that_only_its_reference_can_compute_is_left_to_it()
    {
        var graph = Start();
        graph.Add(new Node("Clip", "clip", ["x", graph.Add("nan", Tensor.Scalar(float.NaN))], ["y"]));
        Return(graph, "y", Picture);
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal("ClipReference", Assert.Single(fused.Plan.Steps).Kernel.Name);
    }

    private static Graph Between(string name, int functions)
    {
        var graph = Start();
        string x = graph.Add(new Node("MaxPool", "pool", [Conv(graph, "x")], ["pooled"]).With("kernel_shape", new long[] { 2, 2 }));
        for (int i = 0; i < functions; i++) x = Function(graph, name, x);
        Return(graph, Conv(graph, x), new Shape(1, Channels, Picture[2] - 1, Picture[3] - 1));
        return graph;
    }

    private static Graph Start()
    {
        var graph = new Graph { IsConverted = true }; // so that operators later than set 17 are known
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        return graph;
    }

    private static void Return(Graph graph, string value, Shape shape) => graph.Outputs.Add(new TensorInfo(value, ElementType.Float32, shape));

    private static string Function(Graph graph, string name, string x)
    {
        string[] bounds = name == "Clip" ? [graph.Add($"{x}.low", Tensor.Scalar(-0.75f)), graph.Add($"{x}.high", Tensor.Scalar(1.5f))] : [];
        return graph.Add(new Node(name, $"{x}.{name}", [x, .. bounds], [$"{x}.{name}.out"]));
    }

    private static string Conv(Graph graph, string x)
    {
        string weights = graph.Add($"{x}.weights", Tensor.From<float>(
            new Shape(Channels, Channels, 1, 1), [.. Enumerable.Range(0, Channels * Channels).Select(i => (i * 7 % 11 - 5) / 8f)]));
        return graph.Add(new Node("Conv", $"{x}.conv", [x, weights], [$"{x}.conv.out"]).With("kernel_shape", new long[] { 1, 1 }));
    }

    private static string Pair(Graph graph, string x, float scale, int zeroPoint, bool isSigned)
    {
        string step = graph.Add($"{x}.scale", Tensor.Scalar(scale));
        string zero = graph.Add($"{x}.zero", isSigned ? Tensor.Scalar((sbyte)zeroPoint) : Tensor.Scalar((byte)zeroPoint));
        string q = graph.Add(new Node("QuantizeLinear", $"{x}.q", [x, step, zero], [$"{x}.q.out"]));
        return graph.Add(new Node("DequantizeLinear", $"{x}.dq", [q, step, zero], [$"{x}.dq.out"]));
    }
}

using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>Residual adds behind matrix products, as transformers have them.</summary>
public class ResidualProductTests
{
    [Theory]
    [InlineData(new[] { 7, 5 }, false), InlineData(new[] { 1, 7, 5 }, false)]
    [InlineData(new[] { 2, 7, 5 }, true), InlineData(new[] { 1, 3, 4, 5 }, true)]
    public void A_residual_add_is_done_with_the_product(int[] shape, bool isTurned)
    {
        foreach (bool hasBias in new[] { false, true })
        {
            var graph = Block(new Shape(shape), hasBias, isTurned);
            var prepared = PassList.Run(graph);
            using var fused = new FusedEngine(prepared, new EngineOptions());
            Assert.Equal("MatMul+Relu", Normal(fused.Plan.Steps[0].Operation));
            var sum = Assert.Single(fused.Plan.Steps, static s => s.Operation.Contains("+Add", StringComparison.Ordinal));
            Assert.Equal("MatMul+Add", Normal(sum.Operation));
            Assert.Equal(2, fused.Plan.Steps.Count(static s => s.Kernel.Name.StartsWith("ConvFp32", StringComparison.Ordinal)));
            Assert.DoesNotContain(fused.Plan.Steps, static s => s.Operation is "Add" or "Reshape");
            Assert.Equal(1, fused.Plan.Steps.Sum(static s => s.FusedAdds));
            float[] x = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(static i => MathF.Sin(i * 1.3f))];
            PlannerTests.AssertClose(
                PlannerTests.Run(new ReferenceEngine(graph), x), PlannerTests.Run(new FusedEngine(prepared, new EngineOptions()), x), 1e-5, "block");
        }
    }

    [Fact]
    public void A_product_that_others_read_too_is_added_by_a_step_of_its_own()
    {
        var graph = Block(new Shape(2, 7, 5), hasBias: false, isTurned: false);
        graph.Outputs.Add(new TensorInfo("second", ElementType.Undefined, default));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.Equal(0, fused.Plan.Steps.Sum(static s => s.FusedAdds));
        float[] x = [.. Enumerable.Range(0, 70).Select(static i => MathF.Sin(i * 1.3f))];
        PlannerTests.AssertClose(
            PlannerTests.RunAll(new ReferenceEngine(graph), x), PlannerTests.RunAll(new FusedEngine(graph, new EngineOptions()), x), 1e-5, "block");
    }

    /// <summary>ConvNeXt: channels last between two Transposes, and a picture around them.</summary>
    [Fact]
    public void Rows_of_channels_are_added_to_a_picture_where_they_lie()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(2, 5, 3, 4)));
        float[] numbers = [.. Enumerable.Range(0, 25).Select(static i => MathF.Cos(i * 2.1f))];
        graph.Add("w", Tensor.From<float>(new Shape(5, 5), numbers));
        graph.Add("k", Tensor.From<float>(new Shape(5, 1, 1, 1), numbers.AsSpan(0, 5)));
        graph.Add("b", Tensor.Vector<float>(numbers.AsSpan(0, 5)));
        graph.Add(new Node(OpTypes.Relu, "start", ["x"], ["start"]));
        graph.Add(new Node(OpTypes.Conv, "conv", ["start", "k"], ["conv"]).With("group", 5L).With("kernel_shape", new long[] { 1, 1 }));
        graph.Add(new Node(OpTypes.Transpose, "last", ["conv"], ["last"]).With("perm", new long[] { 0, 2, 3, 1 }));
        string y = Product(graph, "product", "last", hasBias: true);
        graph.Add(new Node(OpTypes.Transpose, "first", [y], ["first"]).With("perm", new long[] { 0, 3, 1, 2 }));
        y = graph.Add(new Node(OpTypes.Relu, "relu", [graph.Add(new Node(OpTypes.Add, "add", ["start", "first"], ["sum"]))], ["y"]));
        graph.Outputs.Add(new TensorInfo(y, ElementType.Undefined, default));
        var prepared = PassList.Run(graph);
        using var fused = new FusedEngine(prepared, new EngineOptions());
        Assert.Equal(1, fused.Plan.Steps.Sum(static s => s.FusedAdds));
        Assert.Equal(
            ["NchwToNhwc", "NhwcToNchw"],
            fused.Plan.Steps.Select(static s => s.Operation).Where(static o => o.Contains("To", StringComparison.Ordinal)));
        Assert.DoesNotContain(fused.Plan.Steps, static s => s.Operation is "Add" or "Transpose");
        float[] x = [.. Enumerable.Range(0, 120).Select(static i => MathF.Sin(i * 1.3f))];
        PlannerTests.AssertClose(
            PlannerTests.Run(new ReferenceEngine(graph), x), PlannerTests.Run(new FusedEngine(prepared, new EngineOptions()), x), 1e-5, "block");
    }

    private static string Normal(string operation) => operation.Replace("Gemm", "MatMul", StringComparison.Ordinal);

    private static Graph Block(Shape shape, bool hasBias, bool isTurned)
    {
        int channels = shape[^1];
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, shape));
        float[] numbers = [.. Enumerable.Range(0, channels * channels).Select(static i => MathF.Cos(i * 2.1f))];
        graph.Add("w", Tensor.From<float>(new Shape(channels, channels), numbers));
        graph.Add("b", Tensor.Vector<float>(numbers.AsSpan(0, channels)));
        string hidden = Product(graph, "first", "x", hasBias);
        hidden = graph.Add(new Node(OpTypes.Relu, "relu", [hidden], ["relu"]));
        string branch = Product(graph, "second", hidden, hasBias);
        string y = graph.Add(new Node(OpTypes.Add, "add", isTurned ? ["x", branch] : [branch, "x"], ["y"]));
        y = graph.Add(new Node(OpTypes.Sigmoid, "sigmoid", [y], ["z"]));
        graph.Outputs.Add(new TensorInfo(y, ElementType.Undefined, default));
        return graph;
    }

    private static string Product(Graph graph, string name, string x, bool hasBias)
    {
        string y = graph.Add(new Node(OpTypes.MatMul, name, [x, "w"], [name]));
        return hasBias ? graph.Add(new Node(OpTypes.Add, $"{name}.bias", ["b", y], [$"{name}.biased"])) : y;
    }
}

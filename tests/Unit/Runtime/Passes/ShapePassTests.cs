using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

/// <summary>Passes that give values another shape so that kernels can compute them.</summary>
public class ShapePassTests
{
    private static readonly Shape Line = new(2, 3, 20);

    [Fact]
    public void Windows_over_one_axis_run_on_the_kernels_for_pictures()
    {
        var graph = OneAxis();
        float[] input = Noise(Line.ElementCount);
        float[] expected = PlannerTests.Run(new ReferenceEngine(graph.Clone()), input);
        var lifted = PassList.Run(graph);
        PlannerTests.AssertClose(expected, PlannerTests.Run(new ReferenceEngine(lifted), input), 1e-6, "reference");
        using var fused = new FusedEngine(lifted, new EngineOptions());
        Assert.DoesNotContain(fused.Plan.Steps, s => s.Kernel.Name is "ConvReference" or "MaxPoolReference" or "GlobalAveragePoolReference");
        Assert.Equal(1, fused.Plan.Steps.Sum(s => s.FusedAdds));
        PlannerTests.AssertClose(expected, PlannerTests.Run(new FusedEngine(lifted, new EngineOptions()), input), 1e-5, "fused");
    }

    [Fact]
    public void A_second_lift_changes_nothing()
    {
        var graph = OneAxis();
        Assert.True(new LiftOneAxisToTwo().Run(graph));
        Assert.False(new LiftOneAxisToTwo().Run(graph));
    }

    [Fact]
    public void A_value_between_windows_over_one_axis_can_still_be_an_output()
    {
        var graph = OneAxis();
        graph.Outputs.Add(new TensorInfo("relu", ElementType.Undefined, default));
        new LiftOneAxisToTwo().Run(graph);
        using var engine = new ReferenceEngine(graph);
        Assert.Equal([new Shape(2, 3, 1), new Shape(2, 3, 20)], engine.Outputs.Select(o => o.Shape));
    }

    [Fact]
    public void A_layer_over_pixels_is_one_product_of_a_matrix()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(2, 3, 4, 5)));
        graph.Add("w", Tensor.From<float>(new Shape(5, 6), Noise(30)));
        graph.Outputs.Add(new TensorInfo(graph.Add(new Node("MatMul", "layer", ["x", "w"], ["y"])), ElementType.Float32, new Shape(2, 3, 4, 6)));
        float[] input = Noise(120), expected = PlannerTests.Run(new ReferenceEngine(graph.Clone()), input);
        Assert.True(new FlattenMatMulRows().Run(graph));
        Assert.False(new FlattenMatMulRows().Run(graph));
        Assert.Equal(expected, PlannerTests.Run(new ReferenceEngine(graph), input));
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.StartsWith("ConvFp32", Assert.Single(fused.Plan.Steps).Kernel.Name, StringComparison.Ordinal);
        PlannerTests.AssertClose(expected, PlannerTests.Run(new FusedEngine(graph, new EngineOptions()), input), 1e-5, "fused");
    }

    [Fact]
    public void A_product_of_two_computed_stacks_has_a_kernel()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(2, 3, 4, 5)));
        graph.Add(new Node("Transpose", "turn", ["x"], ["t"]).With("perm", new long[] { 0, 1, 3, 2 }));
        graph.Outputs.Add(new TensorInfo(graph.Add(new Node("MatMul", "scores", ["x", "t"], ["y"])), ElementType.Float32, new Shape(2, 3, 4, 4)));
        float[] input = Noise(120), expected = PlannerTests.Run(new ReferenceEngine(graph), input);
        using var fused = new FusedEngine(graph, new EngineOptions());
        Assert.StartsWith("MatMulFp32", fused.Plan.Steps[^1].Kernel.Name, StringComparison.Ordinal);
        PlannerTests.AssertClose(expected, PlannerTests.Run(new FusedEngine(graph, new EngineOptions { Threads = 2 }), input), 1e-6, "fused");
    }

    /// <summary>A constant of [C][1][1] lies along the batch of [N][C][L], not along its channels.</summary>
    [Fact]
    public void An_added_constant_is_a_bias_only_where_it_lies_along_the_channels()
    {
        foreach (var shape in new[] { new Shape(3, 1), new Shape(3, 1, 1) })
        {
            var graph = new Graph();
            graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 3, 20)));
            graph.Add("w", Tensor.From<float>(new Shape(3, 3, 1), Noise(9)));
            graph.Add("c", Tensor.From<float>(shape, [1, 2, 3]));
            graph.Add(new Node("Conv", "conv", ["x", "w"], ["conv"]));
            graph.Outputs.Add(new TensorInfo(graph.Add(new Node("Add", "add", ["conv", "c"], ["y"])), ElementType.Undefined, default));
            float[] input = Noise(60), expected = PlannerTests.Run(new ReferenceEngine(graph), input);
            Assert.Equal(shape.Rank == 2, new FoldAffineIntoLayer().Run(graph));
            PlannerTests.AssertClose(expected, PlannerTests.Run(new ReferenceEngine(graph), input), 1e-6, shape.ToString());
        }
    }

    private static Graph OneAxis()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Line));
        graph.Add("w", Tensor.From<float>(new Shape(3, 3, 3), Noise(27)));
        graph.Add("b", Tensor.Vector<float>(0.5f, -1, 2));
        graph.Add("d", Tensor.From<float>(new Shape(3, 1, 3), Noise(9)));
        graph.Add(new Node("Conv", "first", ["x", "w", "b"], ["first"]).With("pads", new long[] { 1, 1 }));
        graph.Add(new Node("Relu", "relu", ["first"], ["relu"]));
        graph.Add(new Node("Conv", "second", ["relu", "d"], ["second"])
            .With("group", 3L).With("pads", new long[] { 4, 0 }).With("dilations", new long[] { 2 }));
        graph.Add(new Node("Add", "add", ["second", "relu"], ["add"]));
        graph.Add(new Node("MaxPool", "pool", ["add"], ["pool"]).With("kernel_shape", new long[] { 3 }).With("strides", new long[] { 2 }));
        graph.Add(new Node("GlobalAveragePool", "mean", ["pool"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(2, 3, 1)));
        return graph;
    }

    private static float[] Noise(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 1.7f) + 0.1f * (i % 5))];
}

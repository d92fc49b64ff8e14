using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

public class NormalizationTests
{
    private static readonly Shape Picture = new(1, 2, 3, 3);

    /// <summary>ONNX Runtime does not know the forms before operator set 7; they mean what that of set 9 means.</summary>
    [Theory]
    [InlineData(1), InlineData(6), InlineData(7)]
    public void An_old_BatchNormalization_means_what_the_new_one_means(int opset)
    {
        var old = Norm(opset);
        if (opset == 1) old.Nodes[0].With("consumed_inputs", new long[] { 0, 0, 0, 1, 1 });
        if (opset < 7) old.Nodes[0].With("is_test", 1L);
        old.Nodes[0].With("spatial", 1L).With("momentum", 0.9f);
        Assert.Equal(Run(Norm(9)), Run(old));
    }

    [Fact]
    public void A_BatchNormalization_of_a_vector_has_one_channel()
    {
        var graph = new Graph();
        graph.Add("x", Tensor.Vector(1f, 5));
        foreach (var (name, value) in new[] { ("scale", 2f), ("bias", 1f), ("mean", 3f), ("variance", 4f) }) graph.Add(name, Tensor.Vector(value));
        graph.Add(new Node("BatchNormalization", "norm", ["x", "scale", "bias", "mean", "variance"], ["y"]).With("epsilon", 0f));
        using var run = new ReferenceRun(graph);
        run.Evaluate();
        Assert.Equal([-1f, 3], run["y"].As<float>().ToArray());
    }

    [Fact]
    public void A_BatchNormalization_in_training_is_not_supported()
    {
        var graph = Norm(14);
        graph.Nodes[0].With("training_mode", 1L);
        graph.Nodes[0].Outputs.AddRange(["mean.new", "variance.new"]);
        Assert.Contains("not supported", Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scale", 3, "which cannot be broadcast to 1x2x3x3"), InlineData("bias", 3, "which cannot be broadcast to 1x2x3x3")]
    public void A_LayerNormalization_refuses_a_scale_or_bias_that_does_not_fit(string which, int count, string expected)
    {
        var graph = new Graph();
        graph.Add("x", Tensor.From<float>(Picture, new float[18]));
        foreach (string name in new[] { "scale", "bias" })
            graph.Add(name, Tensor.From<float>(new Shape(name == which ? count + 1 : 3), new float[name == which ? count + 1 : 3]));
        graph.Add(new Node("LayerNormalization", "norm", ["x", "scale", "bias"], ["y"]));
        Assert.Contains(expected, Assert.Throws<EdgeException>(() => new ReferenceRun(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_of_LayerNormalization_is_broadcast()
    {
        var graph = new Graph();
        graph.Add("x", Tensor.From<float>(new Shape(2, 2, 2), [0, 2, 0, 2, 0, 2, 0, 2]));
        graph.Add("scale", Tensor.From<float>(new Shape(2, 1), [1, 3]));
        graph.Add("bias", Tensor.Scalar(1f));
        graph.Add(new Node("LayerNormalization", "norm", ["x", "scale", "bias"], ["y"]).With("epsilon", 0f).With("axis", 1L));
        using var run = new ReferenceRun(graph);
        run.Evaluate();
        Assert.Equal([0f, 2, -2, 4, 0, 2, -2, 4], run["y"].As<float>().ToArray());
    }

    [Theory]
    [InlineData(3L, "cannot be divided into 3 groups"), InlineData(0L, "cannot be divided into 0 groups"), InlineData(1L, "2 values are expected")]
    public void A_GroupNormalization_that_does_not_fit_is_refused(long groups, string expected)
    {
        var graph = new Graph { Opset = 21 };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        graph.Add("p", Tensor.Vector(1f, 2, 3));
        graph.Add(new Node("GroupNormalization", "norm", ["x", "p", "p"], ["y"]).With("num_groups", groups));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Undefined, default));
        Assert.Contains(expected, Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message, StringComparison.Ordinal);
    }

    private static Graph Norm(int opset)
    {
        var graph = new Graph { Opset = opset };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        foreach (var (name, a, b) in new[] { ("scale", 2f, 0.5f), ("bias", 1f, -1f), ("mean", 0.5f, 2f), ("variance", 4f, 0.25f) })
            graph.Add(name, Tensor.Vector(a, b));
        graph.Add(new Node("BatchNormalization", "norm", ["x", "scale", "bias", "mean", "variance"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, Picture));
        return graph;
    }

    private static float[] Run(Graph graph)
    {
        var prepared = PassList.Read(graph);
        return PlannerTests.RunAll(new ReferenceEngine(prepared), [.. Enumerable.Range(-9, 18).Select(static i => i * 0.3f)]);
    }
}

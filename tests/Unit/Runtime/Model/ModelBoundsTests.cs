using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Model;

public class ModelBoundsTests
{
    [Fact]
    public void An_input_of_gigabytes_is_refused_by_name()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("huge", ElementType.Float32, new Shape(1 << 30)));
        graph.Add(new Node("ReduceMean", "mean", ["huge"], ["y"]).With("keepdims", 0L));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, Shape.Scalar));
        Assert.Contains("'huge'", Refusal(() => new FusedEngine(graph, new EngineOptions())), StringComparison.Ordinal);
    }

    /// <summary>Constants that double are folded while the model is read; values that double are the arena's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Doublings_are_refused_before_they_take_the_memory(bool isConstant)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1024)));
        string value = isConstant ? graph.Add("c", Tensor.From<float>(new Shape(1024), new float[1024])) : "x";
        for (int i = 0; i < 20; i++) value = graph.Add(new Node("Concat", $"double{i}", [value, value], [$"v{i}"]).With("axis", 0L));
        graph.Add(new Node("ReduceMean", "mean", [value], ["y"]).With("keepdims", 0L));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, Shape.Scalar));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("MiB", Refusal(() => new FusedEngine(graph, new EngineOptions())), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3L << 30);
    }

    [Fact]
    public void A_table_of_a_kernel_is_bounded_too()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 1, 300, 300)));
        graph.Add("w", Tensor.From<float>(new Shape(1, 1, 300, 300), new float[90_000]));
        graph.Add(new Node("Conv", "conv", ["x", "w"], ["y"]).With("pads", new long[] { 150, 150, 150, 150 }));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 1, 301, 301)));
        Assert.Contains("table of a convolution", Refusal(() => new FusedEngine(graph, new EngineOptions())), StringComparison.Ordinal);
    }

    [Fact]
    public void More_nodes_than_a_model_may_have_are_refused()
    {
        string refusal = Refusal(() => PassList.Run(Chain(ModelBounds.MaxNodes + 1, "Relu")));
        Assert.Contains(ModelBounds.NodesVariable, refusal, StringComparison.Ordinal);
    }

    /// <summary>
    /// A pass that looks at every node for every node would compare names two thousand million times: longer than the test run waits.
    /// </summary>
    [Theory]
    [InlineData("Identity")]
    [InlineData("Relu")]
    [InlineData("Cast")]
    public void Passes_and_plan_are_linear_in_the_nodes(string opType)
    {
        using var model = new FusedModel(Chain(ModelBounds.DefaultNodes, opType), new EngineOptions());
        Assert.Equal(opType == "Relu" ? ModelBounds.DefaultNodes : 1, model.Plan.Steps.Length);
    }

    private static Graph Chain(int nodes, string opType)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(4)));
        string value = "x";
        for (int i = 0; i < nodes; i++)
        {
            var node = new Node(i == 0 ? "Relu" : opType, $"n{i}", [value], [i == nodes - 1 ? "y" : $"v{i}"]);
            value = graph.Add(node.OpType == "Cast" ? node.With("to", 1L) : node);
        }

        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(4)));
        return graph;
    }

    private static string Refusal(Func<object> step)
    {
        var refusal = Assert.Throws<EdgeException>(step);
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        return refusal.Message;
    }
}

using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

/// <summary>What reductions and sorting do at the edges that numpy or ONNX Runtime answer otherwise, or not at all.</summary>
public class ReductionTests
{
    private static readonly float[] Infinities = [float.NegativeInfinity, float.PositiveInfinity];

    [Theory]
    [InlineData("ReduceSum", 0f), InlineData("ReduceProd", 1f), InlineData("ReduceSumSquare", 0f), InlineData("ReduceL1", 0f)]
    [InlineData("ReduceL2", 0f), InlineData("ReduceMax", float.NegativeInfinity), InlineData("ReduceMin", float.PositiveInfinity)]
    [InlineData("ReduceLogSum", float.NegativeInfinity), InlineData("ReduceLogSumExp", float.NegativeInfinity), InlineData("ReduceMean", float.NaN)]
    public void Nothing_reduces_to_what_ONNX_says(string name, float expected)
    {
        var x = Tensor.From<float>(new Shape(2, 0, 3), []);
        var found = Evaluate(Reduce(name, 1), x);
        Assert.Equal(new Shape(2, 1, 3), found.Shape);
        Assert.All(found.ToFloats(), v => Assert.Equal(expected, v));
    }

    [Theory]
    [InlineData("ReduceMax", ElementType.Int8, -128L), InlineData("ReduceMin", ElementType.Int8, 127L)]
    [InlineData("ReduceMax", ElementType.UInt8, 0L), InlineData("ReduceMin", ElementType.UInt8, 255L)]
    [InlineData("ReduceMax", ElementType.Int64, long.MinValue), InlineData("ReduceMin", ElementType.UInt32, uint.MaxValue)]
    [InlineData("ReduceMax", ElementType.Bool, 0L), InlineData("ReduceMin", ElementType.Bool, 1L), InlineData("ReduceMin", ElementType.UInt64, -1L)]
    public void The_extreme_of_no_integers_is_the_end_of_their_range(string name, ElementType type, long expected) =>
        Assert.Equal([expected], Evaluate(Reduce(name, 0), new Tensor(type, new Shape(0), default)).ToInt64s());

    [Fact]
    public void Integers_are_exact_beyond_the_digits_of_a_double_and_wrap()
    {
        long[] large = [(1L << 53) + 1, 2];
        Assert.Equal([(1L << 53) + 3], Evaluate(Reduce("ReduceSum", 0), Tensor.Vector<long>(large)).ToInt64s());
        Assert.Equal([int.MinValue + 4], Evaluate(Reduce("ReduceSum", 0), Tensor.Vector(int.MaxValue, 5)).ToInt64s());
        Assert.Equal([(1L << 53) + 1], Evaluate(Reduce("ReduceMax", 0), Tensor.Vector<long>(large)).ToInt64s());
        Assert.Equal([-1L], Evaluate(Reduce("ReduceMax", 0), Tensor.Vector(1UL, ulong.MaxValue)).ToInt64s());
        Assert.Equal([-3L], Evaluate(Reduce("ReduceMean", 0), Tensor.Vector(-7, -4, 0)).ToInt64s());
        Assert.Equal([5L], Evaluate(Reduce("ReduceL2", 0), Tensor.Vector(3, -4)).ToInt64s());
    }

    [Fact]
    public void Not_a_number_wins_and_infinities_stay()
    {
        foreach (string name in new[] { "ReduceMax", "ReduceMin", "ReduceSum", "ReduceLogSumExp" })
            Assert.Equal([float.NaN], Evaluate(Reduce(name, 0), Tensor.Vector(1, float.NaN, -1)).ToFloats());
        foreach (float infinite in Infinities)
            Assert.Equal([infinite], Evaluate(Reduce("ReduceLogSumExp", 0), Tensor.Vector(infinite, infinite)).ToFloats());
        foreach (string name in new[] { "ArgMax", "ArgMin" })
            Assert.Equal([1L], Evaluate(new Node(name, "node", ["x"], ["y"]), Tensor.Vector(7, float.NaN, -7)).ToInt64s());
    }

    [Fact]
    public void A_scalar_is_reduced_over_no_axes()
    {
        var found = Evaluate(new Node("ReduceSumSquare", "node", ["x"], ["y"]), Tensor.Scalar(-3f));
        Assert.Equal((Shape.Scalar, 9f), (found.Shape, found.ToFloats()[0]));
    }

    [Fact]
    public void Computed_axes_must_give_the_declared_shape()
    {
        var graph = Computed(new Shape(2, 1, 3));
        Assert.Equal([12f, 15, 18, 39, 42, 45], Run(graph, 1));
        foreach (long axis in new long[] { 0, 2, 3, -4 })
            Assert.Contains("node", Assert.Throws<EdgeException>(() => Run(graph, axis)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "its axes do not give the shape 2x1x3 that the file declares",
            Assert.Throws<EdgeException>(() => Run(graph, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Computed_axes_without_a_declared_shape_are_refused() => Assert.Contains(
        "its axes must be a constant, or the file must declare the shape of the output",
        Assert.Throws<EdgeException>(() => PassList.Run(Computed(null))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1L, "its k is -1"), InlineData(4L, "its k is 4; axis 0 has 3 elements")]
    public void TopK_refuses_what_the_axis_does_not_have(long k, string expected)
    {
        var graph = new Graph();
        graph.Add("k", Tensor.Vector(k));
        graph.Add("x", Tensor.Vector(1f, 2, 3));
        graph.Add(new Node("TopK", "top", ["x", "k"], ["values", "indices"]));
        Assert.Contains(expected, Assert.Throws<EdgeException>(() => new ReferenceRun(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TopK_sorts_a_long_line_stably()
    {
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, 5000).Select(_ => (float)random.Next(200))];
        var graph = new Graph();
        graph.Add("x", Tensor.Vector<float>(x));
        graph.Add("k", Tensor.Vector(777L));
        graph.Add(new Node("TopK", "top", ["x", "k"], ["values", "indices"]));
        using var run = new ReferenceRun(graph);
        run.Evaluate();
        long[] expected = [.. Enumerable.Range(0, x.Length).OrderByDescending(i => x[i]).ThenBy(static i => i).Take(777).Select(static i => (long)i)];
        Assert.Equal(expected, run["indices"].As<long>().ToArray());
        Assert.Equal(expected.Select(i => x[i]), run["values"].As<float>().ToArray());
    }

    [Fact]
    public void A_softmax_of_half_precision_is_rounded_once()
    {
        var x = Tensor.Vector((Half)1, (Half)2, (Half)(-1));
        foreach (string name in new[] { "Softmax", "LogSoftmax", "Hardmax" })
        {
            float[] wide = Evaluate(new Node(name, "node", ["x"], ["y"]), Tensor.Vector<float>(x.ToFloats())).ToFloats();
            Assert.Equal(wide.Select(static v => (Half)v), Evaluate(new Node(name, "node", ["x"], ["y"]), x).As<Half>().ToArray());
        }
    }

    private static Node Reduce(string name, long axis) => name == "ReduceSum"
        ? new Node(name, "node", ["x", "axes"], ["y"]).With("axis.of.test", axis)
        : new Node(name, "node", ["x"], ["y"]).With("axes", new[] { axis });

    private static Tensor Evaluate(Node node, Tensor x)
    {
        var graph = new Graph();
        graph.Add("x", x);
        if (node.Attributes["axis.of.test"] is long axis) graph.Add("axes", Tensor.Vector(axis));
        node.Attributes.Remove("axis.of.test");
        graph.Add(node);
        using var run = new ReferenceRun(graph);
        run.Evaluate();
        return new Tensor(run["y"].Type, run["y"].Shape, run["y"].Bytes.ToArray());
    }

    // 1 to 18, summed over axes that are fed.
    private static Graph Computed(Shape? declared)
    {
        var graph = new Graph();
        graph.Add("x", Tensor.From<float>(new Shape(2, 3, 3), [.. Enumerable.Range(1, 18).Select(static i => (float)i)]));
        graph.Inputs.Add(new TensorInfo("axes", ElementType.Int64, new Shape(1)));
        graph.Add(new Node("ReduceSum", "node", ["x", "axes"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", declared is null ? ElementType.Undefined : ElementType.Float32, declared ?? default));
        return graph;
    }

    private static float[] Run(Graph graph, long axis)
    {
        using var engine = new FusedEngine(graph, new EngineOptions());
        engine.SetInput<long>(0, [axis]);
        engine.Run();
        float[] y = new float[6];
        engine.GetOutput<float>(0, y);
        return y;
    }
}

using ResNetEdge.Engines;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Plans;

/// <summary>What fusions must leave alone. Scales are powers of two, so that the reference's bits are the only right ones.</summary>
public class FusionConditionTests
{
    private static readonly Shape Picture = new(1, 4, 3, 3);

    [Theory]
    [InlineData("reflect")]
    [InlineData("edge")]
    [InlineData("constant")]
    public void Channels_are_padded_as_the_mode_says(string mode)
    {
        var graph = Floats();
        graph.Add("pads", Tensor.Vector<long>(0, 1, 0, 0, 0, 2, 0, 0));
        graph.Add(new Node("Pad", "pad", ["x", "pads"], ["y"]).With("mode", mode));
        EqualsTheReference(graph, new Shape(1, 7, 3, 3));
    }

    [Theory]
    [InlineData("beta")]
    [InlineData("alpha")]
    public void A_product_is_scaled_as_it_says(string attribute)
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(2, 2)));
        graph.Add("b", Tensor.From<float>(new Shape(2, 3), [1, 2, 3, 4, 5, 6]));
        graph.Add("c", Tensor.Vector<float>(10, 20, 30));
        graph.Add(new Node("Gemm", "gemm", ["x", "b", "c"], ["y"]).With(attribute, 2f));
        EqualsTheReference(graph, new Shape(2, 3));
    }

    /// <summary>The second DequantizeLinear moves every value by (zero point of Q - its own) steps.</summary>
    [Theory]
    [InlineData(128)]
    [InlineData(120)]
    public void A_pair_of_two_zero_points_before_an_add_moves_the_branch(byte zeroPoint)
    {
        var graph = Quantised();
        graph.Add("z2", Tensor.Scalar(zeroPoint));
        graph.Add(new Node("QuantizeLinear", "q1", ["conv", "s", "z"], ["q1"]));
        graph.Add(new Node("DequantizeLinear", "d1", ["q1", "s", "z2"], ["branch"]));
        graph.Add(new Node("Add", "add", ["branch", "xd"], ["sum"]));
        QuantiseOutput(graph, "sum");
        EqualsTheReference(graph, Picture);
    }

    /// <summary>The part of the Concat is stored with the scale of its QuantizeLinear, but read with another.</summary>
    [Theory]
    [InlineData(1f)]
    [InlineData(2f)]
    public void A_part_of_a_concat_keeps_the_scale_that_it_is_read_with(float times)
    {
        var graph = Quantised();
        graph.Add("s2", Tensor.Scalar(times * 0.125f));
        graph.Add(new Node("QuantizeLinear", "q1", ["conv", "s", "z"], ["q1"]));
        graph.Add(new Node("DequantizeLinear", "d1", ["q1", "s2", "z"], ["part"]));
        graph.Add(new Node("Concat", "concat", ["part", "xd"], ["both"]).With("axis", 1L));
        QuantiseOutput(graph, "both");
        // Reads the part as it was stored, after the Concat.
        graph.Add(new Node("DequantizeLinear", "d2", ["q1", "s", "z"], ["own"]));
        graph.Add(new Node("Concat", "again", ["y", "own"], ["all"]).With("axis", 1L));
        EqualsTheReference(graph, new Shape(1, 12, 3, 3), "all");
    }

    private static Graph Floats()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        return graph;
    }

    /// <summary>x, quantised (xd), and an int8 convolution of it (conv).</summary>
    private static Graph Quantised()
    {
        var graph = Floats();
        graph.Add("s", Tensor.Scalar(0.125f));
        graph.Add("z", Tensor.Scalar((byte)128));
        graph.Add("ws", Tensor.Scalar(0.25f));
        graph.Add("w", Tensor.From<sbyte>(new Shape(4, 4, 1, 1), [.. Enumerable.Range(0, 16).Select(static i => (sbyte)(i * 5 % 7 - 3))]));
        graph.Add(new Node("QuantizeLinear", "qx", ["x", "s", "z"], ["xq"]));
        graph.Add(new Node("DequantizeLinear", "dx", ["xq", "s", "z"], ["xd"]));
        graph.Add(new Node("DequantizeLinear", "dw", ["w", "ws"], ["wd"]));
        graph.Add(new Node("Conv", "conv", ["xd", "wd"], ["conv"]));
        return graph;
    }

    private static void QuantiseOutput(Graph graph, string value)
    {
        graph.Add(new Node("QuantizeLinear", "qy", [value, "s", "z"], ["yq"]));
        graph.Add(new Node("DequantizeLinear", "dy", ["yq", "s", "z"], ["y"]));
    }

    private static void EqualsTheReference(Graph graph, Shape output, string name = "y")
    {
        graph.Outputs.Add(new TensorInfo(name, ElementType.Float32, output));
        float[] x = [.. Enumerable.Range(0, graph.Inputs[0].Shape.ElementCount).Select(static i => (i * 11 % 23 - 11) * 0.125f)];
        Assert.Equal(PlannerTests.RunAll(new ReferenceEngine(graph), x), PlannerTests.RunAll(new FusedEngine(graph, new EngineOptions()), x));
    }
}

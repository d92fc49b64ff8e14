using ResNetEdge.Metrics;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Runtime.Metrics;

public class GraphFactsTests
{
    [Fact]
    public void A_residual_block_in_float()
    {
        var graph = Block();
        var facts = GraphFacts.Of(graph);
        const int pixels = 5 * 5, macs = 2 * pixels * 4 * (4 * 9);
        Assert.Equal(macs, facts.Macs);
        Assert.Equal(2 * (4 * 4 * 9 + 4), facts.Parameters);
        Assert.Equal(1, facts.ResidualAdds);
        Assert.Equal(Precisions.Fp32, facts.Precision);
        Assert.Equal(2, facts.Operators["Conv"]);
    }

    [Fact]
    public void An_add_of_a_constant_is_no_residual_add()
    {
        var graph = Block();
        graph.Add("shift", Tensor.From(new Shape(1, 4, 1, 1), [1f, 2, 3, 4]));
        graph.Outputs.Clear();
        graph.Add(new Node("Add", "add2", ["y", "shift"], ["z"]));
        graph.Outputs.Add(new TensorInfo("z", ElementType.Float32, new Shape(1, 4, 5, 5)));
        Assert.Equal(1, GraphFacts.Of(graph).ResidualAdds);
    }

    [Fact]
    public void A_quantised_weight_counts_its_elements_and_not_its_scales()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2, 3, 3)));
        graph.Add("w", Tensor.From(new Shape(2, 2, 1, 1), new sbyte[] { 1, 2, 3, 4 }.AsSpan()));
        graph.Add("s", Tensor.Vector(0.5f, 0.25f));
        graph.Add("z", Tensor.Vector<sbyte>(0, 0));
        graph.Add(new Node("DequantizeLinear", "dq", ["w", "s", "z"], ["wf"]).With("axis", 0L));
        graph.Add(new Node("Conv", "conv", ["x", "wf"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 2, 3, 3)));
        var facts = GraphFacts.Of(graph);
        Assert.Equal((4, 9 * 2 * 2, Precisions.Int8), (facts.Parameters, facts.Macs, facts.Precision));
    }

    [Fact]
    public void A_fully_connected_layer_counts_either_way_round()
    {
        foreach (long transposed in new[] { 0L, 1L })
        {
            var graph = new Graph();
            graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 3)));
            graph.Add("w", Tensor.From(transposed == 1 ? new Shape(7, 3) : new Shape(3, 7), new float[21].AsSpan()));
            graph.Add(new Node("Gemm", "fc", ["x", "w"], ["y"]).With("transB", transposed));
            graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, new Shape(1, 7)));
            Assert.Equal((21, 21), (GraphFacts.Of(graph).Macs, GraphFacts.Of(graph).Parameters));
        }
    }

    private static Graph Block()
    {
        var graph = new Graph();
        var image = new Shape(1, 4, 5, 5);
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, image));
        foreach (string name in new[] { "1", "2" })
        {
            graph.Add("w" + name, Tensor.From(new Shape(4, 4, 3, 3), new float[144].AsSpan()));
            graph.Add("b" + name, Tensor.Vector(0f, 0, 0, 0));
        }

        graph.Add(new Node("Conv", "conv1", ["x", "w1", "b1"], ["c1"]).With("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add(new Node("Relu", "relu1", ["c1"], ["r1"]));
        graph.Add(new Node("Conv", "conv2", ["r1", "w2", "b2"], ["c2"]).With("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add(new Node("Add", "add", ["c2", "x"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, image));
        return graph;
    }
}

using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>Forms of LpPool that ONNX Runtime has no kernel for, or opset 17 no words.</summary>
public class LpPoolConversionTests
{
    [Theory]
    [InlineData("LpPool"), InlineData("GlobalLpPool")]
    public void A_float_p_becomes_an_integer(string name)
    {
        var graph = GraphOf(name, 1, node => node.With("p", 3f));
        new ConvertToOpset17().Run(graph);
        Assert.Equal(3L, graph.Nodes[0].Attributes["p"]);
    }

    [Fact]
    public void What_opset_17_cannot_say_is_refused()
    {
        Refused(1, node => node.With("p", 1.5f), "p is 1.5");
        Refused(18, node => node.With("dilations", new long[] { 2, 1 }), "dilations are not supported");
        Refused(18, node => node.With("ceil_mode", 1L), "ceil_mode is not supported");
    }

    private static void Refused(int opset, Action<Node> change, string expected)
    {
        var refused = Assert.Throws<EdgeException>(() => new ConvertToOpset17().Run(GraphOf("LpPool", opset, change)));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static Graph GraphOf(string name, int opset, Action<Node> change)
    {
        var graph = new Graph { Opset = opset };
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(1, 2, 6, 8)));
        var node = new Node(name, "pool", ["x"], ["y"]);
        if (name == "LpPool") node.With("kernel_shape", new long[] { 2, 3 });
        change(node);
        graph.Add(node);
        graph.Outputs.Add(new TensorInfo("y", ElementType.Undefined, default));
        return graph;
    }
}

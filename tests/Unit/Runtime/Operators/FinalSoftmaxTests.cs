using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

public class FinalSoftmaxTests
{
    [Theory]
    [InlineData(true, "Softmax")]
    [InlineData(true, "Softmax", "QuantizeLinear", "DequantizeLinear", "Flatten")]
    [InlineData(false, "Softmax", "Relu")]
    [InlineData(false, "Relu")]
    [InlineData(false, "Identity")]
    public void A_network_that_ends_in_a_softmax_gives_probabilities(bool expected, params string[] operators)
    {
        var graph = new Graph();
        string value = "x";
        foreach (string op in operators) value = graph.Add(new Node(op, op, [value], [value + "'"]));
        graph.Outputs.Add(new TensorInfo(value, ElementType.Float32, new Shape(1, 4)));
        Assert.Equal(expected, FinalSoftmax.IsIn(graph));
    }
}

using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>Float operators of ONNX Runtime's own domain, as ONNX Runtime computes them.</summary>
public class OnnxRuntimeOperatorTests
{
    private static readonly float[] Weights = [0.5f, -0.25f, 1, 2, -1.5f, 0.125f];

    [SkippableTheory]
    [InlineData("Relu")]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    [InlineData("LeakyRelu", 0.2f)]
    [InlineData("HardSigmoid", 0.3f, 0.4f)]
    [InlineData("Clip", -0.5f, 0.75f)]
    public void A_convolution_and_its_activation(string activation, params float[] numbers)
    {
        OnnxRuntimeHere.OrSkip();
        var conv = new Node("FusedConv", "conv", ["x", "w"], ["y"]) { Domain = "com.microsoft" }.With("activation", activation);
        if (numbers.Length > 0) conv.With("activation_params", numbers);
        var graph = Graph(conv, new Shape(1, 2, 3, 3), new Shape(1, 3, 3, 3));
        graph.Add("w", Tensor.From<float>(new Shape(3, 2, 1, 1), Weights));
        OnnxRuntimeRun.AssertSame(graph, 1e-5);
    }

    [SkippableFact]
    public void A_product_and_its_activation()
    {
        OnnxRuntimeHere.OrSkip();
        var gemm = new Node("FusedGemm", "gemm", ["x", "w", "b"], ["y"]) { Domain = "com.microsoft" }
            .With("activation", "LeakyRelu").With("activation_alpha", 0.3f).With("alpha", 0.5f).With("transB", 1L);
        var graph = Graph(gemm, new Shape(4, 2), new Shape(4, 3));
        graph.Add("w", Tensor.From<float>(new Shape(3, 2), Weights));
        graph.Add("b", Tensor.Vector(0.1f, -0.2f, 0.3f));
        OnnxRuntimeRun.AssertSame(graph, 1e-5);
    }

    [SkippableFact]
    public void QuickGelu()
    {
        OnnxRuntimeHere.OrSkip();
        var gelu = new Node("QuickGelu", "gelu", ["x"], ["y"]) { Domain = "com.microsoft" }.With("alpha", 1.5f);
        OnnxRuntimeRun.AssertSame(Graph(gelu, new Shape(3, 5), new Shape(3, 5)), 1e-5);
    }

    [Fact]
    public void What_is_added_before_the_activation_is_added()
    {
        var conv = new Node("FusedConv", "conv", ["x", "w", "", "x"], ["y"]) { Domain = "com.microsoft" }.With("activation", "Relu");
        var graph = Graph(conv, new Shape(1, 1, 3, 3), new Shape(1, 1, 3, 3));
        graph.Add("w", Tensor.From<float>(new Shape(1, 1, 1, 1), [2]));
        Assert.Equal(["Conv", "Add", "Relu"], PassList.Run(graph).Nodes.Select(static node => node.OpType));
    }

    [Fact]
    public void An_activation_that_is_not_known_is_refused()
    {
        var conv = new Node("FusedConv", "conv", ["x", "w"], ["y"]) { Domain = "com.microsoft" }.With("activation", "Swirl");
        var graph = Graph(conv, new Shape(1, 2, 3, 3), new Shape(1, 3, 3, 3));
        graph.Add("w", Tensor.From<float>(new Shape(3, 2, 1, 1), Weights));
        Assert.Contains("FusedConv 'conv': its activation Swirl is not supported",
            Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message, StringComparison.Ordinal);
    }

    private static Graph Graph(Node node, Shape x, Shape y)
    {
        var graph = new Graph { Opset = 13 };
        graph.Inputs.Add(new("x", ElementType.Float32, x));
        graph.Add(node);
        graph.Outputs.Add(new("y", ElementType.Float32, y));
        return graph;
    }
}

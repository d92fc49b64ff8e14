using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class LinearLayersTests
{
    [Theory]
    [InlineData(new[] { 1, 5, 4 }, false, false), InlineData(new[] { 1, 5, 4 }, true, false), InlineData(new[] { 5, 4 }, true, false)]
    [InlineData(new[] { 1, 2, 3, 4 }, true, true), InlineData(new[] { 1, 2, 3, 4 }, false, true)]
    public void A_MatMul_and_its_bias_become_one_Gemm_with_the_same_results(int[] shape, bool hasBias, bool isFlattened)
    {
        var graph = Start(shape);
        string y = Product(graph, "x", isFlattened ? shape : null);
        if (hasBias) y = graph.Add(new Node("Add", "add", [graph.Add("bias", Tensor.Vector<float>(1, -2, 0.5f)), y], ["added"]));
        graph.Outputs.Add(new(y, ElementType.Float32, new Shape([.. shape[..^1], 3])));
        var result = LinearLayers.AsGemms(graph);
        var gemm = Assert.Single(result.Nodes, static n => n.OpType == "Gemm");
        Assert.Equal("product", gemm.Name);
        Assert.Equal(hasBias ? 3 : 2, gemm.Inputs.Count);
        Assert.DoesNotContain(result.Nodes, static n => n.OpType is "MatMul" or "Add");
        Assert.Equal(Run(graph), Run(result));
        Assert.Single(graph.Nodes, static n => n.OpType == "MatMul"); // the graph itself is left as it was
    }

    [Theory]
    [InlineData("computed"), InlineData("shared"), InlineData("matrix")]
    public void What_is_no_plain_layer_keeps_its_Add(string kind)
    {
        var graph = Start([1, 5, 4]);
        string y = Product(graph, "x", null);
        string other = kind switch
        {
            "computed" => graph.Add(new Node("Neg", "neg", [y], ["negated"])),
            "matrix" => graph.Add("bias", Tensor.From<float>(new Shape(5, 3), [.. Enumerable.Range(0, 15).Select(static i => (float)i)])),
            _ => graph.Add("bias", Tensor.Vector<float>(1, -2, 0.5f)),
        };
        string sum = graph.Add(new Node("Add", "add", [y, other], ["added"]));
        graph.Outputs.Add(new(sum, ElementType.Float32, new Shape(1, 5, 3)));
        if (kind == "shared") graph.Outputs.Add(new(y, ElementType.Float32, new Shape(1, 5, 3)));
        var result = LinearLayers.AsGemms(graph);
        Assert.Single(result.Nodes, static n => n.OpType == "Add");
        Assert.Equal(Run(graph), Run(result));
    }

    private static Graph Start(int[] shape)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(shape)));
        return graph;
    }

    // Between Reshapes where the network has four axes, as a pass leaves it.
    private static string Product(Graph graph, string x, int[]? shape)
    {
        string weights = graph.Add("weights", Tensor.From<float>(new Shape(4, 3), [.. Enumerable.Range(0, 12).Select(static i => i / 8f - 0.75f)]));
        if (shape is null) return graph.Add(new Node("MatMul", "product", [x, weights], ["product.out"]));
        string rows = graph.Add(new Node("Reshape", "rows", [x, graph.Add("flat", Tensor.Vector(-1L, 4))], ["rows.out"]));
        string product = graph.Add(new Node("MatMul", "product", [rows, weights], ["product.out"]));
        long[] back = [.. shape[..^1].Select(static d => (long)d), 3];
        return graph.Add(new Node("Reshape", "back", [product, graph.Add("shape", Tensor.Vector<long>(back))], ["back.out"]));
    }

    private static float[][] Run(Graph graph)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, [.. Enumerable.Range(0, engine.Inputs[0].Shape.ElementCount).Select(static i => i % 7 / 4f - 0.5f)]);
        engine.Run();
        float[][] outputs = [.. engine.Outputs.Select(static o => new float[o.Shape.ElementCount])];
        for (int i = 0; i < outputs.Length; i++) engine.GetOutput<float>(i, outputs[i]);
        return outputs;
    }
}

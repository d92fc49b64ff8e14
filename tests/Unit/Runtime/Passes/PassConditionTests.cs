using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Unit.Runtime.Plans;

namespace ResNetEdge.Tests.Unit.Runtime.Passes;

/// <summary>What passes must leave alone, since an output would change or go missing.</summary>
public class PassConditionTests
{
    private static readonly Shape Picture = new(1, 2, 3, 3);

    [Fact]
    public void A_norm_stays_where_others_read_the_convolution_too()
    {
        var graph = Convolution();
        Norm(graph);
        graph.Add(new Node("Relu", "relu", ["conv"], ["relu"]));
        KeepsOutputs(new FoldBatchNormIntoConv(), graph, "norm", "relu");
    }

    [Fact]
    public void A_norm_stays_where_the_convolution_is_an_output_too()
    {
        var graph = Convolution();
        Norm(graph);
        KeepsOutputs(new FoldBatchNormIntoConv(), graph, "norm", "conv");
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void A_norm_folds_into_a_transposed_convolution_by_its_output_channels(int groups)
    {
        var random = new Random(groups);
        float[] Floats(int count, float least) => [.. Enumerable.Range(0, count).Select(_ => least + random.NextSingle())];
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, new Shape(2, 6, 3, 4)));
        int channels = 4 * groups;
        graph.Add("w", Tensor.From<float>(new Shape(6, 4, 2, 3), Floats(6 * 4 * 2 * 3, -0.5f)));
        graph.Add(new Node("ConvTranspose", "up", ["x", "w"], ["up"]).With("group", (long)groups).With("strides", new long[] { 2, 1 }));
        string[] parameters = [.. new[] { "scale", "shift", "mean", "variance" }.Select(n => graph.Add(n, Tensor.Vector<float>(Floats(channels, 0.1f))))];
        graph.Add(new Node("BatchNormalization", "norm", ["up", .. parameters], ["norm"]));
        graph.Outputs.Add(new TensorInfo("norm", ElementType.Float32, new Shape(2, channels, 6, 6)));
        var folded = graph.Clone();
        Assert.True(new FoldBatchNormIntoConv().Run(folded));
        Assert.Equal("ConvTranspose", Assert.Single(folded.Nodes).OpType);
        float[] x = Floats(2 * 6 * 3 * 4, -0.5f), expected = Run(graph, x), found = Run(folded, x);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-5f);
    }

    private static float[] Run(Graph graph, float[] x)
    {
        using var engine = new ReferenceEngine(graph);
        engine.SetInput<float>(0, x);
        engine.Run();
        float[] y = new float[engine.Outputs[0].Shape.ElementCount];
        engine.GetOutput<float>(0, y);
        return y;
    }

    [Theory]
    [InlineData("conv")]
    [InlineData("relu")]
    public void An_added_constant_stays_where_the_convolution_is_wanted_too(string other)
    {
        var graph = Convolution();
        graph.Add("c", Tensor.From<float>(new Shape(1, 2, 1, 1), [1, -2]));
        graph.Add(new Node("Add", "add", ["conv", "c"], ["add"]));
        if (other == "relu") graph.Add(new Node("Relu", "relu", ["conv"], ["relu"]));
        KeepsOutputs(new FoldAffineIntoLayer(), graph, "add", other);
    }

    [Fact]
    public void A_cast_that_changes_values_stays()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        graph.Add(new Node("Cast", "truncate", ["x"], ["whole"]).With("to", (long)ElementType.Int64));
        graph.Add(new Node("Cast", "back", ["whole"], ["y"]).With("to", (long)ElementType.Float32));
        KeepsOutputs(new EliminateCast(), graph, "y");
    }

    [Fact]
    public void Each_side_of_a_quantised_add_has_its_own_scale()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        foreach (var (name, scale) in new[] { ("s2", 0.5f), ("s4", 0.25f), ("s8", 0.125f) }) graph.Add(name, Tensor.Scalar(scale));
        graph.Add("z", Tensor.Scalar((byte)128));
        graph.Add(new Node("QuantizeLinear", "qa", ["x", "s2", "z"], ["a"]));
        graph.Add(new Node("QuantizeLinear", "qb", ["x", "s4", "z"], ["b"]));
        graph.Add(new Node("QLinearAdd", "add", ["a", "s2", "z", "b", "s4", "z", "s8", "z"], ["sum"]) { Domain = "com.microsoft" });
        graph.Add(new Node("DequantizeLinear", "dequantize", ["sum", "s8", "z"], ["y"]));
        graph.Outputs.Add(new TensorInfo("y", ElementType.Float32, Picture));
        float[] x = [.. Enumerable.Range(-9, Picture.ElementCount).Select(static i => i * 0.5f)];
        Assert.Equal(x.Select(static v => 2 * v), PlannerTests.RunAll(new ReferenceEngine(PassList.Run(graph)), x));
    }

    private static Graph Convolution()
    {
        var graph = new Graph();
        graph.Inputs.Add(new TensorInfo("x", ElementType.Float32, Picture));
        graph.Add("w", Tensor.From<float>(new Shape(2, 2, 1, 1), [1, -2, 0.5f, 3]));
        graph.Add("bias", Tensor.Vector(0.25f, -1f));
        graph.Add(new Node("Conv", "conv", ["x", "w", "bias"], ["conv"]));
        return graph;
    }

    private static void Norm(Graph graph)
    {
        foreach (var (name, a, b) in new[] { ("scale", 2f, 0.5f), ("shift", 1f, -1f), ("mean", 0.5f, 2f), ("variance", 4f, 0.25f) })
            graph.Add(name, Tensor.Vector(a, b));
        graph.Add(new Node("BatchNormalization", "norm", ["conv", "scale", "shift", "mean", "variance"], ["norm"]));
    }

    private static void KeepsOutputs(Pass pass, Graph graph, params string[] outputs)
    {
        foreach (string name in outputs) graph.Outputs.Add(new TensorInfo(name, ElementType.Float32, Picture));
        var after = graph.Clone();
        pass.Run(after);
        float[] x = [.. Enumerable.Range(-9, Picture.ElementCount).Select(static i => i * 0.3f)];
        Assert.Equal(PlannerTests.RunAll(new ReferenceEngine(graph), x), PlannerTests.RunAll(new ReferenceEngine(after), x));
    }
}

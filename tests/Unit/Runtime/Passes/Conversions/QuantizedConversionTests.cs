using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Passes.Conversions;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>Operators on quantised values, as ONNX Runtime's quantiser writes them: read as what they are, and computed in integers.</summary>
public class QuantizedConversionTests
{
    private const string OnnxRuntime = "com.microsoft";
    private const float Step = 0.05f;

    private static readonly Dictionary<string, Func<Graph, string>> Forms = new(StringComparer.Ordinal)
    {
        ["QLinearConv"] = g => Conv(g, "xq", "conv"),
        ["QLinearConv per channel with a bias"] = g => Conv(g, "xq", "conv", isPerChannel: true),
        ["QLinearAdd"] = g => Add(g, Own("QLinearAdd", "add", [Conv(g, "xq", "conv"), "s", "z", "xq", "s", "z", "s", "z"])),
        ["QLinearMul"] = g => Add(g, Own("QLinearMul", "mul", ["xq", "s", "z", Conv(g, "xq", "conv"), "s", "z", "s", "z"])),
        ["QLinearConcat"] = g => Add(g, Own("QLinearConcat", "concat", ["s", "z", "xq", "s", "z", Conv(g, "xq", "conv"), "s", "z"]).With("axis", 1L)),
        ["QLinearSigmoid"] = g => Add(g, Own("QLinearSigmoid", "sigmoid", ["xq", "s", "z", "s", "z"])),
        ["QLinearLeakyRelu"] = g => Add(g, Own("QLinearLeakyRelu", "leaky", ["xq", "s", "z", "s", "z"]).With("alpha", 0.2f)),
        ["QLinearGlobalAveragePool"] = g => Add(g, Own("QLinearGlobalAveragePool", "mean", ["xq", "s", "z", "s", "z"]).With("channels_last", 0L)),
        ["QLinearAveragePool"] = g => Add(g, Own("QLinearAveragePool", "pool", ["xq", "s", "z", "s", "z"]).With("kernel_shape", new long[] { 2, 2 })
            .With("strides", new long[] { 2, 2 })),
        ["MaxPool of bytes"] = g => Add(g, new Node("MaxPool", "max", [Conv(g, "xq", "conv")], ["max"]).With("kernel_shape", new long[] { 3, 3 })
            .With("pads", new long[] { 1, 1, 1, 1 })),
        ["a head of QGemm"] = g => Gemm(g, Flat(g)),
        ["a head of QLinearMatMul"] = g => MatMul(g, Flat(g)),
        ["QuantizeLinear of ONNX Runtime's own"] = g =>
        {
            string d = Add(g, Own("DequantizeLinear", "d", ["xq", "s", "z"]).With("axis", 1L));
            return Add(g, Own("QuantizeLinear", "q", [d, Named(g, "s2", Tensor.Scalar(2 * Step)), "z"]));
        },
    };

    public static TheoryData<string> FormNames => [.. Forms.Keys];

    [SkippableTheory, MemberData(nameof(FormNames))]
    public void It_gives_what_ONNX_Runtime_gives_within_a_step(string form)
    {
        OnnxRuntimeHere.OrSkip();
        OnnxRuntimeRun.AssertSame(GraphOf(form), form.Contains("own", StringComparison.Ordinal) ? 2 * Step + 1e-5 : Step + 1e-5);
    }

    [Theory]
    [InlineData("QLinearConv", 1)]
    [InlineData("QLinearConv per channel with a bias", 1)]
    [InlineData("QLinearAdd", 1)]
    public void Its_convolutions_are_computed_in_integers(string form, int convolutions)
    {
        using var engine = new FusedEngine(GraphOf(form), new EngineOptions());
        Assert.Equal(convolutions, engine.Plan.Steps.Count(s => s.Kernel.GetType().Name.StartsWith("ConvInt8", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_residual_add_of_quantised_values_is_fused()
    {
        using var engine = new FusedEngine(GraphOf("QLinearAdd"), new EngineOptions());
        Assert.Equal(1, engine.Plan.Steps.Sum(s => s.FusedAdds));
    }

    [Fact]
    public void No_operator_of_another_domain_is_left()
    {
        foreach (string form in Forms.Keys)
            Assert.DoesNotContain(
                PassList.Run(GraphOf(form)).Nodes, n => n.Domain.Length > 0 || n.OpType.StartsWith("QLinear", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_operator_of_ONNX_Runtimes_own_is_tried()
    {
        var tried = Forms.Keys.SelectMany(form => GraphOf(form).Nodes).Select(n => (n.Domain, n.OpType)).ToHashSet();
        string[] floats = ["FusedConv", "FusedGemm", "QuickGelu"]; // in OnnxRuntimeOperatorTests
        Assert.Empty(ConversionTable.All.Where(c => !floats.Contains(c.OpType))
            .Where(c => c.Domain.Length > 0 || c.OpType.StartsWith("QLinear", StringComparison.Ordinal))
            .Select(c => (c.Domain, c.OpType)).Except(tried).Except(ConversionTests.Tried)
            .Except(AttentionConversionTests.Tried));
    }

    [Fact]
    public void What_it_does_not_know_is_refused_by_name()
    {
        var graph = GraphOf("QLinearGlobalAveragePool");
        graph.Nodes.Find(n => n.OpType == "QLinearGlobalAveragePool")!.Attributes["channels_last"] = 1L;
        Assert.Contains(
            "QLinearGlobalAveragePool 'mean': attribute channels_last is 1", Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message,
            StringComparison.Ordinal);
        graph = GraphOf("QLinearSigmoid");
        graph.Nodes.Find(n => n.OpType == "QLinearSigmoid")!.Inputs[1] = "";
        Assert.Contains("QLinearSigmoid 'sigmoid': input 1 is missing", Assert.Throws<EdgeException>(() => PassList.Run(graph)).Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_type_that_QuantizeLinear_names_is_the_type_it_gives()
    {
        OnnxRuntimeHere.OrSkip();
        foreach (long type in new[] { (long)ElementType.Int8, (long)ElementType.UInt8 })
        {
            var graph = new Graph { Opset = 21 };
            graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 2, 3, 3)));
            graph.Add("s", Tensor.Scalar(Step));
            graph.Add(new Node("QuantizeLinear", "q", ["x", "s"], ["q"]).With("output_dtype", type).With("saturate", 1L).With("block_size", 0L));
            graph.Add(new Node("DequantizeLinear", "d", ["q", "s"], ["y"]).With("block_size", 0L));
            graph.Outputs.Add(new("y", ElementType.Float32, new Shape(1, 2, 3, 3)));
            OnnxRuntimeRun.AssertSame(graph, 1e-6);
        }
    }

    // x → Q → the form → DQ → y, every value in steps of 0.05 about 128.
    private static Graph GraphOf(string form)
    {
        var graph = new Graph { Opset = 13 };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 4, 6, 6)));
        graph.Add("s", Tensor.Scalar(Step));
        graph.Add("z", Tensor.Scalar<byte>(128));
        graph.Add(new Node("QuantizeLinear", "quantize", ["x", "s", "z"], ["xq"]));
        string y = Forms[form](graph), scale = graph.Initializers.ContainsKey("s2") ? "s2" : "s";
        graph.Add(new Node("DequantizeLinear", "dequantize", [y, scale, "z"], ["y"]));
        var prepared = graph.Clone();
        prepared.Outputs.Add(new("y", ElementType.Undefined, default));
        new ConvertToOpset17().Run(prepared);
        graph.Outputs.Add(ShapeInference.Infer(prepared)["y"]);
        return graph;
    }

    private static string Conv(Graph g, string x, string name, bool isPerChannel = false)
    {
        var random = new Random(3);
        sbyte[] weights = [.. Enumerable.Range(0, 4 * 4 * 3 * 3).Select(_ => (sbyte)random.Next(-60, 60))];
        float[] scales = isPerChannel ? [0.002f, 0.003f, 0.001f, 0.004f] : [0.002f];
        string w = Named(g, "w", Tensor.From<sbyte>(new Shape(4, 4, 3, 3), weights));
        string ws = Named(g, "ws", isPerChannel ? Tensor.Vector<float>(scales) : Tensor.Scalar(scales[0]));
        string wz = Named(g, "wz", isPerChannel ? Tensor.Vector<sbyte>(0, 0, 0, 0) : Tensor.Scalar<sbyte>(0));
        var conv = new Node("QLinearConv", name, [x, "s", "z", w, ws, wz, "s", "z"], [name]).With("pads", new long[] { 1, 1, 1, 1 });
        if (isPerChannel) conv.Inputs.Add(Named(g, "bias", Tensor.Vector<int>(1000, -2000, 0, 700)));
        return Add(g, conv);
    }

    private static string Flat(Graph g)
    {
        string mean = Add(g, Own("QLinearGlobalAveragePool", "mean", [Conv(g, "xq", "conv", isPerChannel: true), "s", "z", "s", "z"]));
        return Add(g, new Node("Flatten", "flat", [mean], ["flat"]));
    }

    private static string Gemm(Graph g, string x)
    {
        string w = Named(g, "f", Tensor.From<sbyte>(new Shape(3, 4), [100, -50, 20, 7, 90, 11, -80, 3, 1, 2, 120, -60]));
        return Add(g, Own("QGemm", "gemm", [
            x, "s", "z", w, Named(g, "fs", Tensor.Vector<float>(0.01f, 0.02f, 0.005f)), Named(g, "fz", Tensor.Vector<sbyte>(0, 0, 0)),
            Named(g, "fb", Tensor.Vector<int>(500, -300, 10)), "s", "z"]).With("transB", 1L));
    }

    private static string MatMul(Graph g, string x)
    {
        string w = Named(g, "f", Tensor.From<sbyte>(new Shape(4, 3), [100, -50, 20, 7, 90, 11, -80, 3, 1, 2, 120, -60]));
        return Add(g, new Node("QLinearMatMul", "matmul",
            [x, "s", "z", w, Named(g, "fs", Tensor.Scalar(0.1f)), Named(g, "fz", Tensor.Scalar<sbyte>(0)), "s", "z"], ["matmul"]));
    }

    private static Node Own(string opType, string name, string[] inputs) => new(opType, name, inputs, [name]) { Domain = OnnxRuntime };

    private static string Add(Graph g, Node node) => g.Add(node);

    private static string Named(Graph g, string name, Tensor value) => g.Add(name, value);
}

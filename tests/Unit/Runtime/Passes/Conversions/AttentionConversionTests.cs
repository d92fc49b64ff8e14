using ResNetEdge.Engines;
using ResNetEdge.Model;
using ResNetEdge.Passes;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>Operators of transformers that are written out: both engines give what ONNX Runtime's own operators give.</summary>
public class AttentionConversionTests
{
    private const string OnnxRuntime = "com.microsoft";

    private const double Bound = 2e-5;

    /// <summary>The operators that tests here compare.</summary>
    internal static readonly (string Domain, string OpType)[] Tried =
    [
        ("", "Attention"), ("", "RotaryEmbedding"), ("", "SimplifiedLayerNormalization"), (OnnxRuntime, "Attention"), (OnnxRuntime, "BiasGelu"),
        (OnnxRuntime, "DynamicQuantizeMatMul"), (OnnxRuntime, "FastGelu"), (OnnxRuntime, "FusedMatMul"), (OnnxRuntime, "Gelu"),
        (OnnxRuntime, "MatMulIntegerToFloat"), (OnnxRuntime, "SkipSimplifiedLayerNormalization"),
    ];

    [SkippableTheory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(5, 0, 0)]
    [InlineData(5, 1, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 0, 2)]
    public void Attention_of_ONNX_Runtime(int past, int isUnidirectional, int maskRank)
    {
        OnnxRuntimeHere.OrSkip();
        const int Batch = 2, Tokens = 3, Width = 8, Heads = 2;
        var graph = new Graph { Opset = 17 };
        Input(graph, "x", Batch, Tokens, Width);
        Weights(graph, "w", Width, 3 * Width);
        Weights(graph, "b", 3 * Width);
        string mask = "", before = "";
        if (maskRank > 0)
        {
            int[] shape = maskRank == 1 ? [Batch, Tokens] : [Batch, Tokens, Tokens];
            mask = graph.Add("mask", Tensor.From<int>(new Shape(shape), [.. Enumerable.Range(0, shape.Aggregate(1, static (a, b) => a * b))
                .Select(static i => i % 3 == 1 ? 0 : 1)]));
        }

        if (past > 0) before = Input(graph, "past", 2, Batch, Heads, past, Width / Heads);
        var node = new Node("Attention", "attention", ["x", "w", "b", mask, before], past > 0 ? ["y", "present"] : ["y"]) { Domain = OnnxRuntime }
            .With("num_heads", (long)Heads).With("unidirectional", (long)isUnidirectional);
        AssertSame(graph, node, new Shape(Batch, Tokens, Width));
    }

    [SkippableTheory]
    [InlineData(4, 4, 0, 0)]
    [InlineData(4, 4, 1, 0)]
    [InlineData(4, 2, 0, 0)]
    [InlineData(4, 1, 1, 0)]
    [InlineData(4, 4, 0, 1)]
    [InlineData(4, 2, 0, 2)]
    public void Attention_of_ONNX(int heads, int keyHeads, int isCausal, int mask)
    {
        OnnxRuntimeHere.OrSkip();
        const int Batch = 2, Queries = 5, Width = 3;
        int keys = isCausal != 0 ? Queries : 7;
        var graph = new Graph { Opset = 23 };
        Input(graph, "q", Batch, Queries, heads * Width);
        Input(graph, "k", Batch, keys, keyHeads * Width);
        Input(graph, "v", Batch, keys, keyHeads * Width);
        string added = "";
        if (mask == 1) added = Weights(graph, "mask", Queries, keys);
        if (mask == 2)
        {
            bool[] shown = [.. Enumerable.Range(0, Queries * keys).Select(static i => i % 3 != 1)];
            added = graph.Add("mask", Tensor.From<bool>(new Shape(Queries, keys), shown));
        }

        var node = new Node("Attention", "attention", added.Length > 0 ? ["q", "k", "v", added] : ["q", "k", "v"], ["y"])
            .With("q_num_heads", (long)heads).With("kv_num_heads", (long)keyHeads).With("is_causal", (long)isCausal);
        AssertSame(graph, node, new Shape(Batch, Queries, heads * Width));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    public void Attention_of_ONNX_with_a_past(int isCausal)
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 23 };
        Input(graph, "q", 1, 2, 3, 4);
        Input(graph, "k", 1, 2, 3, 4);
        Input(graph, "v", 1, 2, 3, 4);
        Input(graph, "past_k", 1, 2, 5, 4);
        Input(graph, "past_v", 1, 2, 5, 4);
        var node = new Node("Attention", "attention", ["q", "k", "v", "", "past_k", "past_v"], ["y", "present_k", "present_v"])
            .With("is_causal", (long)isCausal).With("scale", 0.3f);
        AssertSame(graph, node, new Shape(1, 2, 3, 4));
    }

    [SkippableFact]
    public void Attention_of_ONNX_with_bounded_scores()
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 23 };
        Input(graph, "q", 1, 2, 3, 4);
        Input(graph, "k", 1, 2, 6, 4);
        Input(graph, "v", 1, 2, 6, 5);
        AssertSame(graph, new Node("Attention", "attention", ["q", "k", "v"], ["y"]).With("softcap", 0.5f), new Shape(1, 2, 3, 5));
    }

    [SkippableTheory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    public void Positions_as_turns(int isInterleaved, int turned)
    {
        OnnxRuntimeHere.OrSkip();
        const int Width = 6, Most = 9;
        int half = (turned == 0 ? Width : turned) / 2;
        var graph = new Graph { Opset = 23 };
        Input(graph, "x", 2, 3, 2 * Width);
        Weights(graph, "cos", Most, half);
        Weights(graph, "sin", Most, half);
        graph.Add("places", Tensor.From<long>(new Shape(2, 3), [0L, 3, 8, 1, 1, 5]));
        var node = new Node("RotaryEmbedding", "turned", ["x", "cos", "sin", "places"], ["y"])
            .With("num_heads", 2L).With("interleaved", (long)isInterleaved).With("rotary_embedding_dim", (long)turned);
        AssertSame(graph, node, new Shape(2, 3, 2 * Width));
    }

    [SkippableTheory]
    [InlineData("Gelu", "", 1)]
    [InlineData("Gelu", OnnxRuntime, 1)]
    [InlineData("BiasGelu", OnnxRuntime, 2)]
    [InlineData("FastGelu", OnnxRuntime, 1)]
    [InlineData("FastGelu", OnnxRuntime, 2)]
    public void Gelu(string opType, string domain, int inputs)
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 20 };
        Input(graph, "x", 3, 5);
        if (inputs > 1) Weights(graph, "b", 5);
        AssertSame(graph, new Node(opType, "gelu", inputs > 1 ? ["x", "b"] : ["x"], ["y"]) { Domain = domain }, new Shape(3, 5));
    }

    [SkippableTheory]
    [InlineData("SimplifiedLayerNormalization", "")]
    [InlineData("SkipSimplifiedLayerNormalization", OnnxRuntime)]
    [InlineData("SkipSimplifiedLayerNormalization with a bias", OnnxRuntime)]
    public void Normalisation_by_the_root_mean_square(string opType, string domain)
    {
        OnnxRuntimeHere.OrSkip();
        bool isSkip = domain.Length > 0, isBiased = opType.Contains(' ', StringComparison.Ordinal);
        var graph = new Graph { Opset = 17 };
        Input(graph, "x", 2, 3, 5);
        if (isSkip) Input(graph, "s", 2, 3, 5);
        Weights(graph, "g", 5);
        if (isBiased) Weights(graph, "b", 5);
        string[] inputs = !isSkip ? ["x", "g"] : isBiased ? ["x", "s", "g", "b"] : ["x", "s", "g"];
        AssertSame(graph, new Node(opType.Split(' ')[0], "norm", inputs, ["y"]) { Domain = domain }.With("epsilon", 0.25f), new Shape(2, 3, 5));
    }

    [SkippableTheory]
    [InlineData(0, 0, 1f)]
    [InlineData(1, 0, 0.5f)]
    [InlineData(0, 1, -2f)]
    [InlineData(1, 1, 1f)]
    public void A_product_of_turned_matrices(int turnsA, int turnsB, float alpha)
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 17 };
        _ = turnsA != 0 ? Input(graph, "a", 2, 4, 3) : Input(graph, "a", 2, 3, 4);
        _ = turnsB != 0 ? Input(graph, "b", 2, 5, 4) : Input(graph, "b", 2, 4, 5);
        var node = new Node("FusedMatMul", "product", ["a", "b"], ["y"]) { Domain = OnnxRuntime }
            .With("transA", (long)turnsA).With("transB", (long)turnsB).With("alpha", alpha);
        AssertSame(graph, node, new Shape(2, 3, 5));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_that_is_quantised_at_run_time(bool isBiased)
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 17 };
        Input(graph, "x", 3, 4);
        graph.Add("w", Tensor.From<byte>(new Shape(4, 5), [.. Enumerable.Range(0, 20).Select(static i => (byte)(i * 53))]));
        graph.Add("scale", Tensor.Scalar(0.02f));
        graph.Add("zero", Tensor.Scalar((byte)120));
        if (isBiased) Weights(graph, "b", 5);
        var node = new Node("DynamicQuantizeMatMul", "product", isBiased ? ["x", "w", "scale", "zero", "b"] : ["x", "w", "scale", "zero"], ["y"])
        {
            Domain = OnnxRuntime,
        };
        AssertSame(graph, node, new Shape(3, 5));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_of_codes_in_float(bool isBiased)
    {
        OnnxRuntimeHere.OrSkip();
        var graph = new Graph { Opset = 17 };
        Input(graph, "x", 3, 4);
        graph.Add("x_scale", Tensor.Scalar(0.01f));
        graph.Add("x_zero", Tensor.Scalar((byte)128));
        graph.Add(new Node("QuantizeLinear", "codes", ["x", "x_scale", "x_zero"], ["codes"]));
        graph.Add("w", Tensor.From<byte>(new Shape(4, 5), [.. Enumerable.Range(0, 20).Select(static i => (byte)(i * 53))]));
        graph.Add("w_scale", Tensor.Vector(0.01f, 0.02f, 0.03f, 0.04f, 0.05f));
        graph.Add("w_zero", Tensor.Scalar((byte)120));
        string[] inputs = ["codes", "w", "x_scale", "w_scale", "x_zero", "w_zero"];
        var node = new Node("MatMulIntegerToFloat", "product", isBiased ? [.. inputs, Weights(graph, "b", 5)] : inputs, ["y"])
        {
            Domain = OnnxRuntime,
        };
        AssertSame(graph, node, new Shape(3, 5));
    }

    private static string Input(Graph graph, string name, params int[] shape)
    {
        graph.Inputs.Add(new(name, ElementType.Float32, new Shape(shape)));
        return name;
    }

    private static string Weights(Graph graph, string name, params int[] shape)
    {
        var random = new Random(name.Length + shape.Length);
        float[] numbers = [.. Enumerable.Range(0, shape.Aggregate(1, static (a, b) => a * b)).Select(_ => random.NextSingle() * 2 - 1)];
        return graph.Add(name, Tensor.From<float>(new Shape(shape), numbers));
    }

    // What is computed here may have no word in the operator set that packages are written for, so nothing is written.
    private static void AssertSame(Graph graph, Node node, Shape output)
    {
        graph.Add(node);
        graph.Outputs.Add(new("y", ElementType.Float32, output));
        float[] expected = OnnxRuntimeRun.Of(graph);
        Assert.Contains(expected, static v => v != 0);
        Near(expected, OnnxRuntimeRun.On(new ReferenceEngine(PassList.Run(graph)), graph.Inputs));
        Near(expected, OnnxRuntimeRun.On(new FusedEngine(graph, new EngineOptions()), graph.Inputs));
    }

    private static void Near(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= Bound, $"element {i}: {found[i]} instead of {expected[i]}");
    }
}

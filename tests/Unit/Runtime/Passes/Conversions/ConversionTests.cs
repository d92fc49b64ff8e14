using ResNetEdge.Model;
using ResNetEdge.Operators;
using ResNetEdge.Passes;
using ResNetEdge.Passes.Conversions;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Passes.Conversions;

/// <summary>Every form of an operator means what ONNX Runtime takes it for, before it is said in opset 17 and after.</summary>
public class ConversionTests
{
    private const double Fp32Bound = 1e-5;

    private static readonly Dictionary<string, (int Opset, Action<Graph> Build)> Forms = new(StringComparer.Ordinal)
    {
        ["Clip with attributes"] = (7, g => g.Add(Op("Clip").With("min", -0.5f).With("max", 0.25f))),
        ["Clip of one bound"] = (13, g => g.Add(Op("Clip", "x", "", Scalar(g, 0.1f)))),
        ["Slice with attributes"] =
            (9, g => g.Add(Op("Slice").With("starts", new long[] { 1, -3 }).With("ends", new long[] { 3, 100 }).With("axes", new long[] { 1, 3 }))),
        ["Squeeze and Unsqueeze with attributes"] = (11, g =>
        {
            g.Add(Op("Squeeze").With("axes", new long[] { 0 }));
            g.Add(Op("Unsqueeze", g.Nodes[^1].Output).With("axes", new long[] { 0, 4 }));
        }
        ),
        ["Softmax that flattens"] = (11, g => g.Add(Op("Softmax"))),
        ["Softmax of the last axis"] = (12, g => g.Add(Op("Softmax").With("axis", 3L))),
        ["Pad with attributes"] = (10, g => g.Add(Op("Pad").With("pads", new long[] { 0, 0, 1, 2, 0, 0, 0, 1 }).With("value", 0.5f))),
        ["Pad of some axes"] = (18, g => g.Add(Op("Pad", "x", Longs(g, 1, 0, 2, 3), "", Longs(g, -1, 2)))),
        ["Pad of one axis with a value"] = (21, g => g.Add(Op("Pad", "x", Longs(g, 1, 2), Scalar(g, 0.5f), Longs(g, 3)))),
        ["Pad by reflection"] = (13, g => g.Add(Op("Pad", "x", Longs(g, 0, 0, 2, 3, 0, 0, 1, 4)).With("mode", "reflect"))),
        ["Pad by the edge"] = (13, g => g.Add(Op("Pad", "x", Longs(g, 0, 1, 2, 3, 0, 0, 1, 7)).With("mode", "edge"))),
        ["Pad that cuts"] = (13, g => g.Add(Op("Pad", "x", Longs(g, 0, 0, -1, 3, 0, -1, 1, -2)))),
        ["ReduceMean with axes from a Constant"] = (18, g =>
        {
            g.Add(new Node("Constant", "axes", [], ["axes"]).With("value_ints", new long[] { 1, -1 }));
            g.Add(Op("ReduceMean", "x", "axes").With("keepdims", 0L));
        }
        ),
        ["ReduceMean with computed axes"] = (18, g =>
        {
            g.Add(new Node("Add", "sum", [Longs(g, 1), Longs(g, 1)], ["axes"]));
            g.Add(Op("ReduceMean", "x", "axes"));
        }
        ),
        ["ReduceMean of all axes"] = (18, g => g.Add(Op("ReduceMean").With("noop_with_empty_axes", 0L))),
        ["ReduceMean of no axes"] = (18, g => g.Add(Op("ReduceMean").With("noop_with_empty_axes", 1L))),
        ["ReduceMean with attributes"] = (13, g => g.Add(Op("ReduceMean").With("axes", new long[] { 2 }))),
        ["ReduceSum with attributes"] = (11, g => g.Add(Op("ReduceSum").With("axes", new long[] { 1, -1 }).With("keepdims", 0L))),
        ["ReduceSum of an empty list of axes"] = (13, g => g.Add(Op("ReduceSum", "x", Longs(g)).With("noop_with_empty_axes", 1L))),
        ["ReduceL1 with an input"] = (18, g => g.Add(Op("ReduceL1", "x", Longs(g, -1, 1)))),
        ["ReduceL1 of no axes"] = (18, g => g.Add(Op("ReduceL1").With("noop_with_empty_axes", 1L))),
        ["ReduceL2 with an input"] = (18, g => g.Add(Op("ReduceL2", "x", Longs(g, -1, 1)))),
        ["ReduceL2 of no axes"] = (18, g => g.Add(Op("ReduceL2").With("noop_with_empty_axes", 1L))),
        ["ReduceLogSumExp with an input"] = (18, g => g.Add(Op("ReduceLogSumExp", "x", Longs(g, -1, 1)))),
        ["ReduceLogSumExp of no axes"] = (18, g => g.Add(Op("ReduceLogSumExp").With("noop_with_empty_axes", 1L))),
        ["ReduceMax with an input"] = (18, g => g.Add(Op("ReduceMax", "x", Longs(g, -1, 1)))),
        ["ReduceMax of no axes"] = (18, g => g.Add(Op("ReduceMax").With("noop_with_empty_axes", 1L))),
        ["ReduceMin with an input"] = (18, g => g.Add(Op("ReduceMin", "x", Longs(g, -1, 1)))),
        ["ReduceMin of no axes"] = (18, g => g.Add(Op("ReduceMin").With("noop_with_empty_axes", 1L))),
        ["ReduceProd with an input"] = (18, g => g.Add(Op("ReduceProd", "x", Longs(g, -1, 1)))),
        ["ReduceProd of no axes"] = (18, g => g.Add(Op("ReduceProd").With("noop_with_empty_axes", 1L))),
        ["ReduceSumSquare with an input"] = (18, g => g.Add(Op("ReduceSumSquare", "x", Longs(g, -1, 1)))),
        ["ReduceSumSquare of no axes"] = (18, g => g.Add(Op("ReduceSumSquare").With("noop_with_empty_axes", 1L))),
        ["ReduceLogSum with an input"] = (18, g =>
        {
            g.Add(Op("Sigmoid"));
            g.Add(Op("ReduceLogSum", g.Nodes[^1].Output, Longs(g, -1, 1)));
        }
        ),
        ["LogSoftmax that flattens"] = (11, g => g.Add(Op("LogSoftmax").With("axis", 2L))),
        ["Hardmax that flattens"] = (11, g => g.Add(Op("Hardmax").With("axis", -3L))),
        ["TopK with an attribute"] = (9, g =>
        {
            var top = Op("TopK").With("k", 3L);
            top.Outputs.Add("indices");
            g.Add(top);
        }
        ),
        ["InstanceNormalization of opset 22"] = (22, g => g.Add(Op("InstanceNormalization", "x", Floats(g, 1, 2), Floats(g, 0.5f, -1)))),
        ["GroupNormalization of opset 18"] =
            (18, g => g.Add(Op("GroupNormalization", "x", Floats(g, 2), Floats(g, 0.5f)).With("num_groups", 1L).With("epsilon", 0.1f))),
        ["GroupNormalization of opset 21"] =
            (21, g => g.Add(Op("GroupNormalization", "x", Floats(g, 2, -1), Floats(g, 0.5f, 3)).With("num_groups", 1L).With("stash_type", 1L))),
        ["GroupNormalization of as many groups as channels"] =
            (21, g => g.Add(Op("GroupNormalization", "x", Floats(g, 2, -1), Floats(g, 0.5f, 3)).With("num_groups", 2L))),
        ["SkipLayerNormalization"] = (17, g => g.Add(Own("SkipLayerNormalization", Rows(g), Rows(g), Ramp(g, 8), Ramp(g, 8), Ramp(g, 8)))),
        ["SkipLayerNormalization without bias"] =
            (17, g => g.Add(Own("SkipLayerNormalization", Rows(g), Rows(g), Ramp(g, 8)).With("epsilon", 0.25f))),
        ["BatchNormalization of opset 7"] = (7, g => g.Add(Op("BatchNormalization", "x", Floats(g, 1, 2), Floats(g, 0, 1), Floats(g, 0.1f, -0.2f),
            Floats(g, 1, 0.5f)).With("spatial", 1L).With("momentum", 0.8f))),
        ["BatchNormalization of opset 15"] = (15, g => g.Add(Op("BatchNormalization", "x", Floats(g, 1, 2), Floats(g, 0, 1), Floats(g, 0.1f, -0.2f),
            Floats(g, 1, 0.5f)).With("training_mode", 0L).With("epsilon", 0.01f))),
        ["Dropout with a ratio and a mask"] = (10, g =>
        {
            g.Add(Op("Relu"));
            var dropout = Op("Dropout", g.Nodes[^1].Output).With("ratio", 0.3f);
            dropout.Outputs.Add("mask");
            g.Add(dropout);
        }
        ),
        ["Dropout of opset 22"] = (22, g => g.Add(Op("Dropout", "x", Scalar(g, 0.3f)).With("seed", 1L))),
        ["MaxPool with a storage order"] = (12, g => g.Add(Op("MaxPool").With("kernel_shape", new long[] { 2, 2 }).With("storage_order", 1L))),
        ["MaxPool of opset 22 with dilations"] =
            (22, g => g.Add(Op("MaxPool").With("kernel_shape", new long[] { 2, 2 }).With("dilations", new long[] { 2, 1 }).With("ceil_mode", 1L))),
        ["AveragePool that counts its border"] = (11, g =>
            g.Add(Op("AveragePool").With("kernel_shape", new long[] { 3, 3 }).With("pads", new long[] { 1, 1, 1, 1 }).With("count_include_pad", 1L))),
        ["LpPool of opset 18"] = (18, g => g.Add(Op("LpPool").With("kernel_shape", new long[] { 2, 3 }).With("ceil_mode", 0L))),
        ["GlobalLpPool"] = (13, g => g.Add(Op("GlobalLpPool").With("p", 3L))),
        ["AveragePool with dilations"] = (19, g => g.Add(
            Op("AveragePool").With("kernel_shape", new long[] { 2, 2 }).With("dilations", new long[] { 2, 3 }).With("strides", new long[] { 2, 1 }))),
        ["AveragePool with dilations and a border that counts"] = (19, g => g.Add(Op("AveragePool").With("kernel_shape", new long[] { 3, 2 })
            .With("dilations", new long[] { 2, 1 }).With("pads", new long[] { 1, 0, 1, 1 }).With("count_include_pad", 1L))),
        ["Cast with saturate"] = (19, g => g.Add(Op("Cast").With("to", 1L).With("saturate", 1L))),
        ["CastLike"] = (19, g => g.Add(Op("CastLike", "x", Scalar(g, 1f)).With("saturate", 1L))),
        ["Sum of two"] = (8, g => g.Add(Op("Sum", "x", Scalar(g, 2f)))),
        ["Sum of three with broadcasting"] = (13, g => g.Add(Op("Sum", "x", Channels(g, 1, 2), "x"))),
        ["Sum of one"] = (13, g => g.Add(Op("Sum"))),
        ["Max of three"] = (12, g => g.Add(Op("Max", "x", Channels(g, 1, 2), Scalar(g, 0.25f)))),
        ["Max of two"] = (12, g => g.Add(Op("Max", "x", Channels(g, 1, 2)))),
        ["Min of one"] = (8, g => g.Add(Op("Min"))),
        ["PRelu of opset 7"] = (7, g => g.Add(Op("PRelu", "x", Channels(g, 0.5f, -2)))),
        ["Arithmetic of opset 7"] = (7, g =>
        {
            foreach (string op in new[] { "Add", "Sub", "Mul", "Div", "Pow" })
                g.Add(Op(op, g.Nodes.Count == 0 ? "x" : g.Nodes[^1].Output, Channels(g, 2, 3)));
        }
        ),
        ["Comparisons and logic of opset 9"] = (9, g =>
        {
            foreach (string op in new[] { "Greater", "Less" }) g.Add(Op(op, "x", Channels(g, 0.25f, -0.25f)));
            g.Add(Op("And", "Greater.y", "Less.y"));
            g.Add(Op("Or", "And.y", "Less.y"));
            g.Add(Op("Xor", "Or.y", "Greater.y"));
            g.Add(new Node("Cast", "number", ["Xor.y"], ["number"]).With("to", (long)ElementType.Int32));
            g.Add(Op("Equal", "number", Constant(g, Tensor.Scalar(1))));
            g.Add(new Node("Cast", "last", ["Equal.y"], ["last"]).With("to", (long)ElementType.Float32));
        }
        ),
        ["Reshape to a computed part of a shape"] = (19, g =>
        {
            g.Add(new Node("Shape", "shape", ["x"], ["shape"]).With("start", 0L).With("end", -2L));
            g.Add(new Node("Concat", "concat", ["shape", Longs(g, -1)], ["to"]).With("axis", 0L));
            g.Add(Op("Reshape", "x", "to").With("allowzero", 0L));
        }
        ),
        ["Concat of an axis from the end"] = (13, g => g.Add(Op("Concat", "x", "x").With("axis", -1L))),
        ["GridSample with the names of opset 20"] = (20, g =>
        {
            string grid = Constant(g, Tensor.From<float>(new Shape(1, 1, 3, 2), [0, 0.5f, -0.9f, 1, 0.3f, -2]));
            g.Add(Op("GridSample", "x", grid).With("mode", "cubic"));
        }
        ),
        ["Resize of opset 10"] = (10, g => g.Add(Op("Resize", "x", Floats(g, 1, 1, 0.5f, 1.5f)).With("mode", "linear"))),
        ["Resize of some axes by scales"] = (18, g => g.Add(
            Op("Resize", "x", "", Floats(g, 2, 0.75f)).With("axes", new long[] { -1, 2 }).With("mode", "linear").With("antialias", 0L))),
        ["Resize of some axes to sizes"] = (19, g => g.Add(Op("Resize", "x", "", "", Longs(g, 9)).With("axes", new long[] { 3 })
            .With("keep_aspect_ratio_policy", "stretch").With("mode", "cubic"))),
        ["RoiAlign of opset 10"] = (10, g => g.Add(Op("RoiAlign", "x", Matrix(g, 2, 4), Longs(g, 0, 0)).With("output_width", 2L))),
        ["Scatter"] = (10, g =>
        {
            string places = Constant(g, Tensor.From<long>(new Shape(1, 1, 1, 2), [3, 1]));
            g.Add(Op("Scatter", "x", places, Constant(g, Tensor.From<float>(new Shape(1, 1, 1, 2), [7, 8]))).With("axis", 3L));
        }
        ),
        ["Size"] = (13, g =>
        {
            g.Add(Op("Size"));
            g.Add(Op("Reshape", "x", g.Add(new Node("Unsqueeze", "list", ["Size.y", Longs(g, 0)], ["list"]))));
        }
        ),
        ["Split with attributes"] = (11, g =>
        {
            var split = Op("Split").With("axis", 2L).With("split", new long[] { 1, 5 });
            split.Outputs.Add("rest");
            g.Add(split);
            g.Add(Op("Relu", "rest"));
        }
        ),
        ["Split of which the last part is shorter"] = (18, g =>
        {
            var split = Op("Split").With("axis", 3L).With("num_outputs", 3L);
            split.Outputs.AddRange(["middle", "last"]);
            g.Add(split);
            g.Add(Op("Relu", "last"));
        }
        ),
        ["Tile"] = (13, g => g.Add(Op("Tile", "x", Longs(g, 1, 2, 1, 3)))),
        ["Upsample of opset 9"] = (9, g => g.Add(Op("Upsample", "x", Floats(g, 1, 1, 2, 3)).With("mode", "nearest"))),
        ["Upsample of opset 7"] = (7, g => g.Add(Op("Upsample").With("mode", "linear").With("scales", new float[] { 1, 1, 2, 2 }))),
        ["Resolved opset 23"] = (23, g =>
        {
            g.Add(Op("Transpose").With("perm", new long[] { 0, 2, 3, 1 }));
            g.Add(Op("Flatten", g.Nodes[^1].Output).With("axis", 2L));
        }
        ),
        ["GlobalAveragePool of opset 22"] = (22, g => g.Add(Op("GlobalAveragePool"))),
        ["Gemm of opset 7"] = (7, g =>
        {
            g.Add(Op("Flatten"));
            g.Add(Op("Gemm", g.Nodes[^1].Output, Matrix(g, 96, 3), Floats(g, 1, 2, 3)).With("alpha", 0.5f).With("beta", 2f));
        }
        ),
    };

    /// <summary>The operators that these forms have.</summary>
    internal static IEnumerable<(string Domain, string OpType)> Tried =>
        Forms.Keys.SelectMany(static form => GraphOf(form).Nodes).Select(static n => (n.Domain, n.OpType));

    public static TheoryData<string> FormNames => [.. Forms.Keys];

    [SkippableTheory, MemberData(nameof(FormNames))]
    public void A_form_means_what_ONNX_Runtime_takes_it_for(string form)
    {
        OnnxRuntimeHere.OrSkip();
        OnnxRuntimeRun.AssertSame(GraphOf(form), Fp32Bound);
    }

    [Fact]
    public void A_second_run_changes_no_form()
    {
        foreach (string form in Forms.Keys)
        {
            var graph = GraphOf(form);
            new ConvertToOpset17().Run(graph);
            Assert.False(new ConvertToOpset17().Run(graph), form);
        }
    }

    [Fact]
    public void Every_conversion_of_an_ONNX_operator_is_tried()
    {
        var tried = Forms.Keys.SelectMany(form => GraphOf(form).Nodes).Select(n => n.OpType).ToHashSet();
        // ONNX Runtime knows no recurrent layer before operator set 7, in which output_sequence went; control flow has tests of its own.
        string[] elsewhere = ["GRU", "LSTM", "RNN", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "DequantizeLinear", "If", "Loop", "Scan"];
        Assert.Empty(ConversionTable.All.Where(c => c.Domain.Length == 0).Select(c => c.OpType).Except(tried).Except(elsewhere)
            .Except(AttentionConversionTests.Tried.Select(static t => t.OpType)));
    }

    [Theory]
    [InlineData("AveragePool", 19, "dilations")]
    [InlineData("ReduceMean", 18, "constant list of integers")]
    public void What_opset_17_cannot_say_is_refused(string name, int opset, string expected)
    {
        var graph = Empty(opset);
        if (name == "AveragePool")
            graph.Add(
                Op(name).With("kernel_shape", new long[] { 2, 2 }).With("dilations", new long[] { 2, 2 }).With("pads", new long[] { 1, 1, 1, 1 }));
        else graph.Add(Op(name, "x", "x"));
        var refused = Assert.Throws<EdgeException>(() => PassList.Run(graph));
        Assert.Contains($"{name} 'op", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_whose_declared_shape_is_stale_is_corrected_with_a_note()
    {
        var graph = GraphOf("Sum of two");
        graph.Outputs[0] = graph.Outputs[0] with { Shape = new Shape(1, 7) };
        var prepared = PassList.Run(graph);
        Assert.Equal(new Shape(1, 2, 6, 8), prepared.Outputs[0].Shape);
        Assert.Contains(
            "is declared as Float32[1x7], but the network produces Float32[1x2x6x8]", Assert.Single(prepared.Notes), StringComparison.Ordinal);
    }

    private static Graph GraphOf(string form)
    {
        var (opset, build) = Forms[form];
        var graph = Empty(opset);
        build(graph);
        // ONNX Runtime wants its outputs typed.
        string y = graph.Nodes[^1].Output;
        var prepared = graph.Clone();
        prepared.Outputs.Add(new(y, ElementType.Undefined, default));
        new ConvertToOpset17().Run(prepared);
        graph.Outputs.Add(ShapeInference.Infer(prepared)[y]);
        return graph;
    }

    private static Graph Empty(int opset)
    {
        var graph = new Graph { Opset = opset };
        graph.Inputs.Add(new("x", ElementType.Float32, new Shape(1, 2, 6, 8)));
        return graph;
    }

    private static Node Op(string opType, params string[] inputs) => new(opType, $"op{opType}", inputs.Length == 0 ? ["x"] : inputs, [$"{opType}.y"]);

    private static Node Own(string opType, params string[] inputs) =>
        new(opType, $"op{opType}", inputs, [$"{opType}.y"]) { Domain = "com.microsoft" };

    private static string Rows(Graph graph) =>
        graph.Add(new Node("Flatten", $"rows{graph.Nodes.Count}", ["x"], [$"rows{graph.Nodes.Count}"]).With("axis", 3L));

    private static string Ramp(Graph graph, int count) => Floats(graph, [.. Enumerable.Range(0, count).Select(static i => i * 0.25f - 1)]);

    private static string Scalar(Graph graph, float value) => Constant(graph, Tensor.Scalar(value));

    private static string Floats(Graph graph, params float[] values) => Constant(graph, Tensor.Vector<float>(values));

    private static string Longs(Graph graph, params long[] values) => Constant(graph, Tensor.Vector<long>(values));

    private static string Channels(Graph graph, params float[] values) => Constant(graph, Tensor.From<float>(new Shape(values.Length, 1, 1), values));

    private static string Matrix(Graph graph, int rows, int columns) =>
        Constant(graph, Tensor.From<float>(new Shape(rows, columns), [.. Enumerable.Range(0, rows * columns).Select(i => i % 7 * 0.1f - 0.3f)]));

    private static string Constant(Graph graph, Tensor value) => graph.Add($"c{graph.Initializers.Count}", value);
}

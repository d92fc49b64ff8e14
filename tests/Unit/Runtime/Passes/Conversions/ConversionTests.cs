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
        ["AveragePool with dilations"] = (19, g => g.Add(
            Op("AveragePool").With("kernel_shape", new long[] { 2, 2 }).With("dilations", new long[] { 2, 3 }).With("strides", new long[] { 2, 1 }))),
        ["AveragePool with dilations and a border that counts"] = (19, g => g.Add(Op("AveragePool").With("kernel_shape", new long[] { 3, 2 })
            .With("dilations", new long[] { 2, 1 }).With("pads", new long[] { 1, 0, 1, 1 }).With("count_include_pad", 1L))),
        ["Cast with saturate"] = (19, g => g.Add(Op("Cast").With("to", 1L).With("saturate", 1L))),
        ["CastLike"] = (19, g => g.Add(Op("CastLike", "x", Scalar(g, 1f)).With("saturate", 1L))),
        ["Sum of two"] = (8, g => g.Add(Op("Sum", "x", Scalar(g, 2f)))),
        ["Sum of three with broadcasting"] = (13, g => g.Add(Op("Sum", "x", Channels(g, 1, 2), "x"))),
        ["Sum of one"] = (13, g => g.Add(Op("Sum"))),
        ["Reshape to a computed part of a shape"] = (19, g =>
        {
            g.Add(new Node("Shape", "shape", ["x"], ["shape"]).With("start", 0L).With("end", -2L));
            g.Add(new Node("Concat", "concat", ["shape", Longs(g, -1)], ["to"]).With("axis", 0L));
            g.Add(Op("Reshape", "x", "to").With("allowzero", 0L));
        }
        ),
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
        string[] elsewhere = ["QLinearConv", "QLinearMatMul", "QuantizeLinear", "DequantizeLinear", "If", "Loop", "Scan"];
        Assert.Empty(ConversionTable.All.Where(c => c.Domain.Length == 0).Select(c => c.OpType).Except(tried).Except(elsewhere));
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

    private static string Scalar(Graph graph, float value) => Constant(graph, Tensor.Scalar(value));

    private static string Floats(Graph graph, params float[] values) => Constant(graph, Tensor.Vector<float>(values));

    private static string Longs(Graph graph, params long[] values) => Constant(graph, Tensor.Vector<long>(values));

    private static string Channels(Graph graph, params float[] values) => Constant(graph, Tensor.From<float>(new Shape(values.Length, 1, 1), values));

    private static string Matrix(Graph graph, int rows, int columns) =>
        Constant(graph, Tensor.From<float>(new Shape(rows, columns), [.. Enumerable.Range(0, rows * columns).Select(i => i % 7 * 0.1f - 0.3f)]));

    private static string Constant(Graph graph, Tensor value) => graph.Add($"c{graph.Initializers.Count}", value);
}

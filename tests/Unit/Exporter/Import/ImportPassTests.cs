using ResNetEdge.Exporter.Import.Passes;
using ResNetEdge.Model;
using ResNetEdge.Passes;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

/// <summary>What framework exporters leave behind: the graph before, the operators after, and the same numbers.</summary>
public class ImportPassTests
{
    private readonly Random _random = new(5);

    [Fact]
    public void Transposes_around_convolutions_meet_and_are_gone()
    {
        // tf2onnx: N H W C outside, N C H W only around each convolution; the residual add stands in N H W C.
        var graph = Graph(new Shape(1, 8, 6, 3));
        string first = ChannelsLastConv(graph, "x", "a", 3, 4);
        string relu = Add(graph, "Relu", "relu", [first]);
        string second = ChannelsLastConv(graph, relu, "b", 4, 4);
        string shifted = Add(graph, "Add", "shift", [second, Floats(graph, "bias", 4)]);
        string sum = Add(graph, "Add", "sum", [shifted, relu]);
        string clipped = Add(graph, "Clip", "clip", [sum, Scalar(graph, "low", 0), Scalar(graph, "high", 6)]);
        string joined = graph.Add(new Node("Concat", "joined", [clipped, relu], ["joined"]).With("axis", 3L));
        string padded = Add(graph, "Pad", "padded", [joined, Longs(graph, "pads", 0, 1, 0, 0, 0, 0, 1, 0), Scalar(graph, "zero", 0)]);
        string mean = graph.Add(new Node("ReduceMean", "mean", [padded], ["mean"]).With("axes", new long[] { 1, 2 }).With("keepdims", 0L));
        End(graph, mean);
        Same(graph, ["Conv", "Relu", "Conv", "Add", "Add", "Clip", "Concat", "Pad", "GlobalAveragePool", "Reshape"], turnsInput: true);
    }

    [Fact]
    public void A_picture_flattened_channels_last_reorders_the_rows_of_the_layer_behind()
    {
        foreach (bool isTransposed in new[] { false, true })
        {
            var graph = Graph(new Shape(1, 3, 4, 5));
            string last = graph.Add(new Node("Transpose", "last", ["x"], ["last"]).With("perm", new long[] { 0, 2, 3, 1 }));
            string flat = Add(graph, "Reshape", "flat", [last, Longs(graph, "shape", 0, -1)]);
            string relu = Add(graph, "Relu", "relu", [flat]);
            var gemm = new Node(
                "Gemm", "gemm", [relu, Floats(graph, "w", isTransposed ? [7, 60] : [60, 7])], ["gemm"]).With("transB", isTransposed ? 1L : 0L);
            End(graph, graph.Add(gemm));
            Same(graph, ["Reshape", "Relu", "Gemm"]);
        }
    }

    [Fact]
    public void Quantised_rows_are_reordered_as_integers()
    {
        var graph = Graph(new Shape(1, 2, 3, 3));
        string last = graph.Add(new Node("Transpose", "last", ["x"], ["last"]).With("perm", new long[] { 0, 2, 3, 1 }));
        string flat = graph.Add(new Node("Flatten", "flat", [last], ["flat"]).With("axis", 1L));
        string scale = Scalar(graph, "scale", 0.01f), zero = graph.Add("zero", Tensor.Scalar((sbyte)3));
        string quantized = Add(graph, "QuantizeLinear", "q", [flat, scale, zero]),
            back = Add(graph, "DequantizeLinear", "dq", [quantized, scale, zero]);
        sbyte[] integers = [.. Enumerable.Range(0, 18 * 4).Select(_ => (sbyte)_random.Next(-128, 128))];
        string w = Add(
            graph, "DequantizeLinear", "w",
            [graph.Add("w8", Tensor.From<sbyte>(new Shape(18, 4), integers)), scale, graph.Add("w0", Tensor.Scalar((sbyte)0))]);
        End(graph, graph.Add(new Node("Gemm", "gemm", [back, w], ["gemm"])));
        Same(graph, ["Flatten", "QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "Gemm"]);
    }

    [Fact]
    public void A_transpose_that_an_axis_cannot_pass_stays()
    {
        var graph = Graph(new Shape(1, 2, 3, 4));
        string turned = graph.Add(new Node("Transpose", "turned", ["x"], ["turned"]).With("perm", new long[] { 0, 2, 3, 1 }));
        End(graph, Add(graph, "Reshape", "flat", [turned, Longs(graph, "shape", 1, 24)]));
        Same(graph, ["Transpose", "Reshape"]);
    }

    [Fact]
    public void A_shape_that_is_computed_becomes_a_constant()
    {
        var graph = Graph(new Shape(1, 2, 3, 4));
        string shape = Add(graph, "Shape", "shape", ["x"]);
        string batch = Add(graph, "Gather", "batch", [shape, graph.Add("index", Tensor.Scalar(0L))]);
        string axis = Add(graph, "Unsqueeze", "axis", [batch, Longs(graph, "zero", 0)]);
        string target = graph.Add(new Node("Concat", "target", [axis, Longs(graph, "rest", -1)], ["target"]).With("axis", 0L));
        End(graph, Add(graph, "Reshape", "flat", ["x", target]));
        var after = Same(graph, ["Reshape"], isComputed: true);
        Assert.Equal([1L, -1L], after.Constant(after.Nodes[0].Inputs[1])!.ToInt64s());
    }

    [Fact]
    public void Paddings_that_are_computed_become_the_convolutions_own()
    {
        // torch's F.pad: zeros for the axes that are not padded, joined, turned round.
        var graph = Graph(new Shape(1, 2, 5, 5));
        string count = Longs(graph, "count", 4);
        string zeros = graph.Add(new Node("ConstantOfShape", "zeros", [count], ["zeros"]).With("value", Tensor.Vector<long>(0L)));
        string all = graph.Add(new Node("Concat", "all", [Longs(graph, "given", 0, 1, 0, 1), zeros], ["all"]).With("axis", 0L));
        string rows = Add(graph, "Reshape", "rows", [all, Longs(graph, "pairs", -1, 2)]);
        string reversed = Add(
            graph, "Slice", "reversed",
            [rows, Longs(graph, "from", -1), Longs(graph, "to", long.MinValue + 1), Longs(graph, "axes", 0), Longs(graph, "step", -1)]);
        string turned = graph.Add(new Node("Transpose", "turned", [reversed], ["turned"]).With("perm", new long[] { 1, 0 }));
        string pads = Add(graph, "Reshape", "pads", [turned, Longs(graph, "flat", -1)]);
        string padded = Add(graph, "Pad", "padded", ["x", pads, Scalar(graph, "value", 0)]);
        End(graph, graph.Add(new Node("Conv", "conv", [padded, Floats(graph, "w", 3, 2, 3, 3)], ["conv"])));
        var after = Same(graph, ["Conv"], isComputed: true);
        Assert.Equal([0L, 0, 1, 1], after.Nodes[0].Attributes.Ints("pads")!);
    }

    [Fact]
    public void Zeros_before_a_pool_of_values_that_may_be_negative_stay()
    {
        var graph = Graph(new Shape(1, 2, 5, 5));
        string padded = Add(graph, "Pad", "padded", ["x", Longs(graph, "pads", 0, 0, 1, 1, 0, 0, 1, 1), Scalar(graph, "value", 0)]);
        End(graph, graph.Add(new Node("MaxPool", "pool", [padded], ["pool"]).With("kernel_shape", new long[] { 3, 3 })));
        Same(graph, ["Pad", "MaxPool"]);
    }

    [Fact]
    public void Zeros_before_a_pool_of_a_Relu_become_its_padding()
    {
        var graph = Graph(new Shape(1, 2, 5, 5));
        string padded =
            Add(graph, "Pad", "padded", [Add(graph, "Relu", "relu", ["x"]), Longs(graph, "pads", 0, 0, 1, 1, 0, 0, 1, 1), Scalar(graph, "value", 0)]);
        End(graph, graph.Add(new Node("MaxPool", "pool", [padded], ["pool"]).With("kernel_shape", new long[] { 3, 3 })));
        Same(graph, ["Relu", "MaxPool"]);
    }

    [Fact]
    public void A_product_and_its_bias_become_a_layer()
    {
        var graph = Graph(new Shape(1, 6));
        string product = Add(graph, "MatMul", "product", ["x", Floats(graph, "w", 6, 3)]);
        End(graph, Add(graph, "Add", "logits", [Floats(graph, "b", 3), product]));
        Same(graph, ["Gemm"]);
    }

    private Graph Same(Graph before, string[] operators, bool turnsInput = false, bool isComputed = false)
    {
        var after = ImportPassList.Run(before);
        Assert.Equal(operators, after.Nodes.Select(n => n.OpType));
        var again = ImportPassList.Run(after);
        Assert.Equal(after.Nodes.Select(n => n.ToString()), again.Nodes.Select(n => n.ToString()));

        float[] input = [.. Enumerable.Range(0, before.Inputs[0].Shape.ElementCount).Select(_ => _random.NextSingle() * 2 - 1)];
        var shape = before.Inputs[0].Shape;
        float[] turned = !turnsInput ? input
            : [.. from c in Enumerable.Range(0, shape[3]) from i in Enumerable.Range(0, shape[1] * shape[2]) select input[i * shape[3] + c]];
        // References want their shapes and paddings constant.
        if (isComputed) foreach (var pass in new Pass[] { new ConvertToOpset17(), new FoldConstants() }) pass.Run(before);
        Network.Near(Network.Reference(before, input), Network.Reference(after, turned));
        return after;
    }

    private string ChannelsLastConv(Graph graph, string x, string name, int inputs, int filters)
    {
        string first = graph.Add(new Node("Transpose", $"{name}_in", [x], [$"{name}_in"]).With("perm", new long[] { 0, 3, 1, 2 }));
        string conv = graph.Add(
            new Node("Conv", name, [first, Floats(graph, $"{name}.w", filters, inputs, 3, 3)], [name]).With("pads", new long[] { 1, 1, 1, 1 }));
        return graph.Add(new Node("Transpose", $"{name}_out", [conv], [$"{name}_out"]).With("perm", new long[] { 0, 2, 3, 1 }));
    }

    private static Graph Graph(Shape input)
    {
        var graph = new Graph();
        graph.Inputs.Add(new("x", ElementType.Float32, input));
        return graph;
    }

    // Type and shape are left to inference.
    private static void End(Graph graph, string value) => graph.Outputs.Add(new(value, ElementType.Undefined, Shape.Scalar));

    private static string Add(Graph graph, string opType, string name, string[] inputs) => graph.Add(new Node(opType, name, inputs, [name]));

    private static string Scalar(Graph graph, string name, float value) => graph.Add(name, Tensor.Scalar(value));

    private static string Longs(Graph graph, string name, params long[] values) => graph.Add(name, Tensor.Vector<long>(values));

    private string Floats(Graph graph, string name, params int[] shape)
    {
        var s = new Shape(shape);
        return graph.Add(name, Tensor.From<float>(s, [.. Enumerable.Range(0, s.ElementCount).Select(_ => _random.NextSingle() * 2 - 1)]));
    }
}

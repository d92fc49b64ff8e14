using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

/// <summary>Where elementwise operators are quantised: behind layers, before layers, never alone.</summary>
public class ElementwisePlacementTests
{
    [Fact]
    public void A_function_of_several_nodes_reads_its_source_and_keeps_floats_inside()
    {
        var graph = Start();
        string x = Conv(graph, "first", "input"), y = Node(graph, "Mul", x, Node(graph, "Sigmoid", x));
        Return(graph, Conv(graph, "second", y));
        var plan = new QuantizationPlan(graph, LayerNames.None);
        Assert.Equal(["input", x, y], Quantized(plan, graph));
        Assert.True(plan.ReadsQuantized(graph.Nodes.Find(static n => n.OpType == "Mul")!, x));
        Assert.NotEqual(plan.Root(x), plan.Root(y));
    }

    [Fact]
    public void A_function_that_no_layer_reads_stays_float()
    {
        var graph = Start();
        string x = Conv(graph, "first", "input");
        Return(graph, Node(graph, "HardSwish", x));
        Assert.Equal(["input"], Quantized(new(graph, LayerNames.None), graph));
    }

    [Fact]
    public void A_function_kept_in_fp32_takes_the_layers_floats()
    {
        var graph = Start();
        string x = Conv(graph, "first", "input"), y = Node(graph, "HardSwish", x);
        Return(graph, Conv(graph, "second", y));
        Assert.Equal(["input", y], Quantized(new(graph, new LayerNames(["HardSwish*"])), graph));
    }

    [Fact]
    public void A_function_of_what_a_float_operator_made_is_computed_in_float()
    {
        var graph = Start();
        string x = Node(graph, "LayerNormalization", "input", graph.Add("scale", Tensor.Vector<float>(1, 1, 1, 1, 1, 1, 1, 1)));
        string y = Node(graph, "Elu", x);
        Return(graph, Conv(graph, "second", y));
        Assert.Equal([y], Quantized(new(graph, LayerNames.None), graph));
    }

    [Fact]
    public void What_a_float_operator_made_is_moved_first_and_what_a_layer_made_is_quantised_first()
    {
        foreach (string op in (string[])["Softmax", "Relu"])
        {
            var graph = Start();
            string x = Conv(graph, "first", "input"), made = Node(graph, op, x), moved = Node(graph, "Transpose", made);
            graph.Nodes[^1].With("perm", new long[] { 0, 1, 3, 2 });
            string kept = Node(graph, "Reshape", moved, graph.Add("shape", Tensor.Vector(0L, 0, 0, 0)));
            Return(graph, Conv(graph, "second", kept));
            Assert.Equal(op == "Softmax" ? ["input", moved, kept] : ["input", made, moved, kept], Quantized(new(graph, LayerNames.None), graph));
            Return(graph, Conv(graph, "third", made)); // one quantisation serves both
            Assert.Equal(["input", made, moved, kept], Quantized(new(graph, LayerNames.None), graph));
        }
    }

    [Fact]
    public void A_clamp_behind_a_layer_is_part_of_it_and_one_behind_a_shared_value_is_a_table()
    {
        var graph = Start();
        string x = Conv(graph, "first", "input"), behind = Node(graph, "Relu", x), sum = Node(graph, "Add", Conv(graph, "branch", behind), behind);
        string before = Node(graph, "Relu", sum), next = Node(graph, "Add", Conv(graph, "branch2", before), sum);
        Return(graph, Conv(graph, "last", next));
        var plan = new QuantizationPlan(graph, LayerNames.None);
        Assert.False(plan.IsQuantized(x));
        Assert.True(plan.IsQuantized(sum) && plan.IsQuantized(before) && plan.IsQuantized(next));
        Assert.NotEqual(plan.Root(sum), plan.Root(before));
    }

    [Fact]
    public void A_gate_reads_both_of_its_values_quantised()
    {
        var graph = Start();
        string x = Conv(graph, "first", "input"), pooled = Node(graph, "GlobalAveragePool", x),
            excite = Conv(graph, "excite", pooled), gate = Node(graph, "HardSigmoid", excite), scaled = Node(graph, "Mul", x, gate);
        Return(graph, Conv(graph, "second", scaled));
        Assert.Equal(["input", x, pooled, excite, gate, scaled], Quantized(new(graph, LayerNames.None), graph));
    }

    /// <summary>A transformer's residual stream: only what enters a layer is quantised.</summary>
    [Fact]
    public void A_stream_that_only_normalisations_read_stays_float()
    {
        var graph = Start();
        string scale = graph.Add("scale", Tensor.Vector<float>(1, 1, 1, 1, 1, 1, 1, 1)), stream = "input";
        List<string> expected = [];
        for (int i = 0; i < 2; i++)
        {
            string normalized = Node(graph, "LayerNormalization", stream, scale);
            expected.Add(normalized);
            stream = Node(graph, "Add", Conv(graph, $"layer{i}", normalized), stream);
        }

        Return(graph, Node(graph, "LayerNormalization", stream, scale));
        Assert.Equal(expected, Quantized(new(graph, LayerNames.None), graph));
    }

    [Fact]
    public void Slopes_of_each_channel_do_not_keep_a_PRelu_from_int8()
    {
        var graph = Start();
        string slopes = graph.Add("slopes", Tensor.From<float>(new Shape(4, 1, 1), [0.1f, 0.2f, 0.3f, 0.4f]));
        string x = Conv(graph, "first", "input"), y = Node(graph, "PRelu", x, slopes);
        Return(graph, Conv(graph, "second", y));
        Assert.Equal(["input", x, y], Quantized(new(graph, LayerNames.None), graph));
    }

    [Fact]
    public void A_scale_for_each_channel_is_multiplied_in_float()
    {
        var graph = Start();
        string scale = graph.Add("scale", Tensor.From<float>(new Shape(4, 1, 1), [0.1f, 0.2f, 0.3f, 0.4f]));
        string x = Conv(graph, "first", "input"), y = Node(graph, "Mul", x, scale);
        Return(graph, Conv(graph, "second", y));
        Assert.Equal(["input", y], Quantized(new(graph, LayerNames.None), graph));
    }

    private static IEnumerable<string> Quantized(QuantizationPlan plan, Graph graph) =>
        graph.Inputs.Select(static i => i.Name).Concat(graph.Nodes.Select(static n => n.Output)).Where(plan.IsQuantized);

    private static Graph Start()
    {
        var graph = new Graph();
        graph.Inputs.Add(new("input", ElementType.Float32, new Shape(1, 4, 8, 8)));
        return graph;
    }

    private static void Return(Graph graph, string value) => graph.Outputs.Add(new(value, ElementType.Float32, new Shape(1, 4, 8, 8)));

    private static string Node(Graph graph, string type, params string[] inputs)
    {
        string name = $"{type}{graph.Nodes.Count}";
        return graph.Add(new Node(type, name, inputs, [name + ".out"]));
    }

    private static string Conv(Graph graph, string name, string input)
    {
        graph.Add(name + ".weight", Tensor.From<float>(new Shape(4, 4, 1, 1), [.. Enumerable.Range(0, 16).Select(static i => i / 16f - 0.4f)]));
        return graph.Add(new Node("Conv", name, [input, name + ".weight"], [name + ".out"]));
    }
}

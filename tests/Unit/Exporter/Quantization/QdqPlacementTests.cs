using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class QdqPlacementTests
{
    [Fact]
    public void Every_value_is_quantised_once_and_every_reader_has_its_own_DequantizeLinear()
    {
        var result = Apply(TestGraphs.Residual(), LayerNames.None);
        var quantized = result.Nodes.Where(n => n.OpType == "QuantizeLinear").Select(n => n.Input(0)).ToList();
        Assert.Equal(quantized.Distinct().Count(), quantized.Count);
        foreach (var dequantize in result.Nodes.Where(n => n.OpType == "DequantizeLinear"))
            Assert.Single(result.Nodes.SelectMany(n => n.Inputs), dequantize.Output);
    }

    [Fact]
    public void Both_inputs_of_every_residual_add_come_from_DequantizeLinear()
    {
        var result = Apply(TestGraphs.Residual(), LayerNames.None);
        foreach (var add in result.Nodes.Where(n => n.OpType == "Add"))
            Assert.All(add.Inputs, input => Assert.Equal("DequantizeLinear", TestGraphs.Producer(result, input)?.OpType));
    }

    [Fact]
    public void Conv_flows_into_Relu_before_it_is_quantised()
    {
        var result = Apply(TestGraphs.Residual(), LayerNames.None);
        foreach (var relu in result.Nodes.Where(n => n.OpType == "Relu"))
        {
            Assert.True(TestGraphs.Producer(result, relu.Input(0)) is { OpType: "Conv" or "Add" });
            Assert.Equal(["QuantizeLinear"], result.Nodes.Where(n => n.Inputs.Contains(relu.Output)).Select(n => n.OpType));
        }
    }

    [Fact]
    public void Weights_are_s8_per_channel_and_biases_s32()
    {
        var result = Apply(TestGraphs.Residual(), LayerNames.None);
        foreach (var layer in result.Nodes.Where(n => n.OpType is "Conv" or "Gemm"))
        {
            var weights = TestGraphs.Producer(result, layer.Input(1))!;
            Assert.Equal(0, weights.Attributes.Int("axis", 1));
            Assert.Equal(ElementType.Int8, result.Constant(weights.Input(0))!.Type);
            Assert.All(result.Constant(weights.Input(2))!.ToInt64s(), zeroPoint => Assert.Equal(0, zeroPoint));

            var bias = TestGraphs.Producer(result, layer.Input(2))!;
            var input = TestGraphs.Producer(result, layer.Input(0))!;
            Assert.Equal(ElementType.Int32, result.Constant(bias.Input(0))!.Type);
            float[] weightScales = result.Constant(weights.Input(1))!.ToFloats();
            float inputScale = result.Constant(input.Input(1))!.ToFloats()[0];
            Assert.Equal(weightScales.Select(s => s * inputScale), result.Constant(bias.Input(1))!.ToFloats());
        }
    }

    [Fact]
    public void The_last_Gemm_stays_float() =>
        Assert.Equal("Gemm", TestGraphs.Producer(Apply(TestGraphs.Residual(), LayerNames.None), "logits")!.OpType);

    [Fact]
    public void Values_of_one_group_have_identical_parameters()
    {
        var result = Apply(TestGraphs.Residual(), LayerNames.None);
        string[] Parameters(string value) => [.. result.Nodes.Single(n => n.OpType == "QuantizeLinear" && n.Input(0) == value).Inputs.Skip(1)];
        Assert.Equal(Parameters("block1.relu2.out"), Parameters("block2.pad.out"));
        Assert.Equal(Parameters("stem.relu.out"), Parameters("pool.out"));
    }

    [Fact]
    public void A_layer_kept_in_fp32_reads_floats()
    {
        var result = Apply(TestGraphs.Residual(), new LayerNames(["block2.conv1"]));
        var kept = result.Nodes.Single(n => n.Name == "block2.conv1");
        Assert.Equal(["block1.relu2.out", "block2.conv1.weight", "block2.conv1.bias"], kept.Inputs);
        Assert.Equal(ElementType.Float32, result.Constant("block2.conv1.weight")!.Type);
        Assert.DoesNotContain("block2.conv2.weight", result.Initializers.Keys);
    }

    [Fact]
    public void Nodes_stay_in_an_order_that_can_be_executed()
    {
        var result = Apply(TestGraphs.Residual(), LayerNames.None);
        var known = result.Initializers.Keys.Concat(result.Inputs.Select(i => i.Name)).ToHashSet();
        foreach (var node in result.Nodes)
        {
            Assert.All(node.Inputs, input => Assert.Contains(input, known));
            Assert.All(node.Outputs, output => Assert.True(known.Add(output), output));
        }

        Assert.Equal(result.Nodes.Count, result.Nodes.Select(n => n.Name).Distinct().Count());
    }

    [Fact]
    public void Names_that_are_taken_are_not_taken_again()
    {
        var graph = TestGraphs.Residual();
        graph.Add("input_quantized", Tensor.Scalar(0f));
        graph.Add("input_scale", Tensor.Scalar(0f));
        graph.Nodes.Insert(0, new Node("Identity", "input_QuantizeLinear", ["input_scale"], ["input_zero_point"]));
        graph.Outputs.Add(new("input_zero_point", ElementType.Float32, Shape.Scalar));
        graph.Outputs.Add(new("input_quantized", ElementType.Float32, Shape.Scalar));
        var result = Apply(graph, LayerNames.None);
        Assert.Equal(ElementType.Float32, result.Constant("input_quantized")!.Type);
        Assert.Equal(result.Nodes.Count, result.Nodes.Select(n => n.Name).Distinct().Count());
    }

    [Fact]
    public void The_source_is_not_changed()
    {
        var graph = TestGraphs.Residual();
        int nodes = graph.Nodes.Count, constants = graph.Initializers.Count;
        Apply(graph, LayerNames.None);
        Assert.Equal((nodes, constants), (graph.Nodes.Count, graph.Initializers.Count));
        Assert.DoesNotContain(graph.Nodes, n => n.OpType == "QuantizeLinear");
    }

    // Any parameters do: placement must not depend on them.
    private static Graph Apply(Graph graph, LayerNames keepFp32)
    {
        var plan = new QuantizationPlan(graph, keepFp32);
        var parameters = plan.Observed.Select(plan.Root).Distinct().Select((root, i) => (root, i))
            .ToDictionary(p => p.root, p => new QuantizationParameters(0.01f * (p.i + 1), 0));
        return QdqPlacement.Apply(graph, plan, ResidualScales.Own(parameters), LayerWeights.Quantize(graph, plan, parameters));
    }
}

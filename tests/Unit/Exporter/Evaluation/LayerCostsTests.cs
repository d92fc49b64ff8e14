using ResNetEdge.Engines;
using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;
using ResNetEdge.Tests.Unit.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Evaluation;

public class LayerCostsTests
{
    [Fact]
    public void The_layer_that_was_damaged_comes_first()
    {
        var graph = TestGraphs.Residual();
        var int8 = Quantize(graph);
        string weights = int8.Initializers.Keys.Single(name => name.StartsWith("block2.conv1.weight", StringComparison.Ordinal) && name.EndsWith("_quantized", StringComparison.Ordinal));
        var stored = int8.Initializers[weights];
        int8.Initializers[weights] = Tensor.From<sbyte>(stored.Shape, [.. stored.ToInt64s().Select(w => (sbyte)(w / 32 * 32))]); // 3 bits are left

        var costs = Measure(graph, int8);
        Assert.Equal("block2.conv1", costs[0].Layer);
        Assert.True(costs[0].SqnrDb < 20);
    }

    [Fact]
    public void A_graph_compared_with_itself_costs_nothing() => Assert.All(
        Measure(TestGraphs.Residual(), TestGraphs.Residual()), cost => Assert.Equal((0.0, 0.0, double.PositiveInfinity), (cost.Noise, cost.AddedNoise, cost.SqnrDb)));

    [Fact]
    public void Every_layer_with_arithmetic_is_named_once()
    {
        var graph = TestGraphs.Residual();
        Assert.Equal(
            graph.Nodes.Where(n => n.OpType is "Conv" or "Gemm" or "Add").Select(n => n.Name).Order(), Measure(graph, Quantize(graph)).Select(c => c.Layer).Order());
    }

    private static List<LayerCost> Measure(Graph fp32, Graph int8) => LayerCosts.Measure(fp32, int8, g => new ReferenceEngine(g), 4, Feed);

    private static Graph Quantize(Graph graph) => Quantizer.Quantize(graph, new QuantizationOptions(), g => new ReferenceEngine(g), 4, Feed).Int8;

    private static void Feed(IEngine engine, int i) => engine.SetInput<float>(0, TestGraphs.Picture(i));
}

using ResNetEdge.CommandLine;
using ResNetEdge.Engines;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class CalibratorTests
{
    [Fact]
    public void Min_max_parameters_cover_what_the_reference_engine_computes()
    {
        var graph = TestGraphs.Residual();
        var plan = new QuantizationPlan(graph, LayerNames.None);
        var parameters = Calibrate(graph, plan, "min-max");
        Assert.Equal(plan.Observed.Select(plan.Root).ToHashSet(), [.. parameters.Keys]);

        using var engine = new ReferenceEngine(graph);
        for (int i = 0; i < Pictures; i++)
        {
            Feed(engine, i);
            engine.Run();
            foreach (string value in plan.Observed)
            {
                var p = parameters[plan.Root(value)];
                foreach (float v in engine.Value(value).As<float>())
                    Assert.InRange(v, p.Dequantize(0) - p.Scale, p.Dequantize(255) + p.Scale);
            }
        }
    }

    [Fact]
    public void Behind_a_ReLU_the_zero_point_is_0()
    {
        var graph = TestGraphs.Residual();
        var plan = new QuantizationPlan(graph, LayerNames.None);
        foreach (var method in ObserverTable.Entries)
            Assert.Equal(0, Calibrate(graph, plan, method.Name)[plan.Root("block1.relu2.out")].ZeroPoint);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinity")]
    public void A_value_that_is_no_number_is_refused_with_its_layer(float bad, string says)
    {
        var graph = TestGraphs.Residual();
        graph.Initializers["block1.conv2.bias"] = Tensor.Vector(0, 0, bad, 0, 0, 0, 0, 0);
        var error = Refused(graph);
        Assert.Contains("block1.conv2", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_never_changes_is_refused_with_its_layer_and_the_way_out()
    {
        var graph = TestGraphs.Residual();
        graph.Initializers["block1.conv2.weight"] = Tensor.From<float>(new Shape(8, 8, 3, 3), new float[8 * 8 * 9]);
        graph.Initializers["block1.conv2.bias"] = Tensor.Vector<float>(new float[8]);
        Assert.Contains("--keep-fp32 'block1.add'", Refused(graph).Message, StringComparison.Ordinal);

        var plan = new QuantizationPlan(graph, new LayerNames(["block1.add"]));
        Assert.False(plan.IsQuantized("block1.conv2.out"));
        Assert.NotEmpty(Calibrate(graph, plan, "percentile"));
    }

    [Fact]
    public void Rare_spikes_over_zeros_still_get_a_scale()
    {
        var graph = TestGraphs.Residual();
        var plan = new QuantizationPlan(graph, LayerNames.None);
        var parameters = Calibrator.Calibrate(graph, plan, ObserverTable.Find("percentile")!, g => new ReferenceEngine(g), 1, (engine, _) =>
        {
            float[] input = new float[3 * 16 * 16];
            input[5] = 3; // one element in 768: at most values it leads to, less than one in 10,000 differs from 0
            engine.SetInput<float>(0, input);
        });
        Assert.All(parameters.Values, p => Assert.True(p.Scale > 0));
    }

    private const int Pictures = 6;

    private static EdgeException Refused(Graph graph)
    {
        var error = Assert.Throws<EdgeException>(() => Calibrate(graph, new QuantizationPlan(graph, LayerNames.None), "min-max"));
        Assert.Equal(FailureKind.BadInput, error.Kind);
        return error;
    }

    private static Dictionary<string, QuantizationParameters> Calibrate(Graph graph, QuantizationPlan plan, string method) =>
        Calibrator.Calibrate(graph, plan, ObserverTable.Find(method)!, g => new ReferenceEngine(g), Pictures, Feed);

    private static void Feed(IEngine engine, int picture) => engine.SetInput<float>(0, TestGraphs.Picture(picture));
}

using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class ResidualScalesTests
{
    [Fact]
    public void What_meets_in_an_add_gets_the_largest_scale()
    {
        var aligned = Align(("stem.relu.out", 0.01f, 0), ("block1.conv2.out", 0.015f, 120), ("block1.relu2.out", 0.012f, 0));
        Assert.Equal(0.015f, aligned("stem.relu.out").Scale);
        Assert.Equal(0.015f, aligned("block1.conv2.out").Scale);
        Assert.Equal(0.015f, aligned("block1.relu2.out").Scale);
        Assert.Equal(0.1f, aligned("block1.relu1.out").Scale); // not part of an add
    }

    [Fact]
    public void A_block_whose_scales_are_far_apart_keeps_them()
    {
        var aligned = Align(("stem.relu.out", 0.01f, 0), ("block1.conv2.out", 0.05f, 120), ("block1.relu2.out", 0.012f, 0));
        Assert.Equal(0.01f, aligned("stem.relu.out").Scale);
        Assert.Equal(0.05f, aligned("block1.conv2.out").Scale);
    }

    [Fact]
    public void The_zero_point_moves_so_that_the_range_still_fits()
    {
        var random = new Random(3);
        for (int i = 0; i < 1000; i++)
        {
            var branch = new QuantizationParameters(0.01f + random.NextSingle() * 0.01f, (byte)random.Next(256));
            var aligned = Align(("stem.relu.out", 0.025f, 0), ("block1.conv2.out", branch.Scale, branch.ZeroPoint), ("block1.relu2.out", 0.03f, 0))("block1.conv2.out");
            Assert.InRange(branch.Dequantize(0), aligned.Dequantize(0) - aligned.Scale, 0);
            Assert.InRange(branch.Dequantize(255), 0, aligned.Dequantize(255) + aligned.Scale);
        }
    }

    // Values not named have scale 0.1: far from all.
    private static Func<string, QuantizationParameters> Align(params (string Value, float Scale, byte ZeroPoint)[] given)
    {
        var graph = TestGraphs.Residual();
        var plan = new QuantizationPlan(graph, LayerNames.None);
        var parameters = plan.Observed.Select(plan.Root).Distinct().ToDictionary(root => root, _ => new QuantizationParameters(0.1f, 0));
        foreach (var (value, scale, zeroPoint) in given) parameters[plan.Root(value)] = new(scale, zeroPoint);
        var aligned = ResidualScales.Align(graph, plan, parameters);
        return value => aligned[plan.Root(value)];
    }
}

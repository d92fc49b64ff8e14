using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class ResidualScalesTests
{
    private const string Shortcut = "pool.out", Stem = "stem.relu.out", Branch = "block1.conv2.out", Result = "block1.relu2.out";

    [Fact]
    public void Streams_of_close_scales_share_the_largest()
    {
        var (scale, again) =
            Align((Stem, 0.01f, 0), (Branch, 0.0102f, 120), (Result, 0.0103f, 0), ("block2.conv2.out", 0.01f, 99), ("block2.relu2.out", 0.0105f, 0));
        Assert.Empty(again);
        foreach (string value in new[] { Stem, Branch, Result, "block2.conv2.out", "block2.relu2.out" }) Assert.Equal(0.0105f, scale(value).Scale);
        Assert.Equal(0.1f, scale("block1.relu1.out").Scale); // not part of an add
    }

    [Fact]
    public void A_shortcut_whose_scale_is_far_below_is_quantised_once_more()
    {
        var (scale, again) =
            Align((Stem, 0.01f, 0), (Branch, 0.04f, 120), (Result, 0.04f, 0), ("block2.conv2.out", 0.03f, 99), ("block2.relu2.out", 0.04f, 0));
        Assert.Equal(0.01f, scale(Stem).Scale);
        Assert.Equal(0.04f, scale(Branch).Scale);
        Assert.Equal(0.04f, scale(Result).Scale);
        Assert.Equal(0.04f, again[("block1.add", Shortcut)].Scale);
        Assert.Single(again);
    }

    [Fact]
    public void A_shortcut_is_not_cut_off_by_the_block_that_it_enters()
    {
        var (scale, again) =
            Align((Stem, 0.1f, 0), (Branch, 0.01f, 120), (Result, 0.01f, 0), ("block2.conv2.out", 0.01f, 99), ("block2.relu2.out", 0.01f, 0));
        Assert.DoesNotContain(again, p => p.Key.Add == "block1.add");
        Assert.Equal(0.1f, scale(Result).Scale);
    }

    [Fact]
    public void Whatever_the_scales_what_meets_in_an_add_has_one_and_ranges_still_fit()
    {
        const int seed = 3;
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            float Scale() => 0.01f * MathF.Pow(10, random.NextSingle());
            (string, float, byte)[] given =
                [(Stem, Scale(), 0), (Branch, Scale(), (byte)random.Next(1, 255)), (Result, Scale(), 0), (
                    "block2.conv2.out", Scale(), (byte)random.Next(1, 255)), ("block2.relu2.out", Scale(), 0)];
            var (scale, again) = Align(given);
            foreach (var (name, inputs, result) in new[] { ("block1.add", new[] { Branch, Shortcut }, Result),
                ("block2.add", ["block2.conv2.out", "block2.pad.out"], "block2.relu2.out") })
                foreach (string input in inputs)
                    Assert.Equal(scale(result).Scale, (again.TryGetValue((name, input), out var other) ? other : scale(input)).Scale);
            foreach (var (value, was, zeroPoint) in given)
            {
                var (old, now) = (new QuantizationParameters(was, zeroPoint), scale(value));
                float cut = zeroPoint == 0 ? 0 : 0.2f * 255 * was; // of a branch, whose every value the epilogue still sees
                Assert.InRange(old.Dequantize(0), now.Dequantize(0) - now.Scale - cut, 1);
                Assert.InRange(old.Dequantize(255), -1, now.Dequantize(255) + now.Scale + cut);
            }
        }
    }

    // Values not named have scale 0.1: far from all.
    private static (Func<string, QuantizationParameters> Scale, IReadOnlyDictionary<(string Add, string Value), QuantizationParameters> Again) Align(
        params (string Value, float Scale, byte ZeroPoint)[] given)
    {
        var graph = TestGraphs.Residual();
        var plan = new QuantizationPlan(graph, LayerNames.None);
        var parameters = plan.Observed.Select(plan.Root).Distinct().ToDictionary(root => root, _ => new QuantizationParameters(0.1f, 0));
        foreach (var (value, scale, zeroPoint) in given) parameters[plan.Root(value)] = new(scale, zeroPoint);
        var aligned = ResidualScales.Align(graph, plan, parameters);
        return (value => aligned.Parameters[plan.Root(value)], aligned.Requantized);
    }
}

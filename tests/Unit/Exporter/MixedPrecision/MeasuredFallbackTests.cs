using ResNetEdge.Exporter.Evaluation;
using ResNetEdge.Exporter.MixedPrecision;
using ResNetEdge.Exporter.Quantization;
using ResNetEdge.Exporter.Sensitivity;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.MixedPrecision;

public class MeasuredFallbackTests
{
    private const int Pictures = 1000;
    private static readonly QuantizedNetwork Whole = new(new Graph(), new Graph());

    [Fact]
    public void A_network_that_loses_little_is_left_as_it_is_and_no_layer_is_measured()
    {
        var result = Losing(3);
        var (network, found) = MeasuredFallback.Choose(Whole, result, 0.3, static () => throw new InvalidOperationException(), static _ => Whole,
            static _ => throw new InvalidOperationException(), static said => Assert.Fail(said));
        Assert.Same(Whole, network);
        Assert.Same(result, found);
    }

    [Theory]
    [InlineData(new[] { 8, 5, 2 }, 2, "a, b")] // one layer, two: enough
    [InlineData(new[] { 8, 9, 6, 5 }, 5, "a, b, c, d")] // never enough: the best of all
    [InlineData(new[] { 8, 9, 9, 9 }, 8, null)] // nothing helps
    public void The_costliest_layers_return_until_little_is_lost_and_the_best_network_stays(int[] lost, int expected, string? floats)
    {
        var said = new List<string>();
        var asked = new List<IReadOnlyList<string>>();
        var networks = new List<QuantizedNetwork> { Whole };
        var (network, result) = MeasuredFallback.Choose(Whole, Losing(lost[0]), 0.3, Report, Keep, of => Losing(lost[networks.IndexOf(of)]), said.Add);
        Assert.Equal(expected, result.Accuracy.ReferenceRight - result.Accuracy.Right);
        Assert.Equal(Array.IndexOf(lost, expected), networks.IndexOf(network));
        Assert.Equal(lost.Length - 1, asked.Count);
        Assert.Contains("--aim-drop", Assert.Single(said), StringComparison.Ordinal);
        if (floats is not null) Assert.Contains($"lose most: {floats} (", said[0], StringComparison.Ordinal);

        QuantizedNetwork Keep(IReadOnlyList<string> names)
        {
            asked.Add(names);
            networks.Add(new(new Graph(), new Graph()));
            return networks[^1];
        }
    }

    // Four layers, the first the costliest; e would be a half of all work.
    private static SensitivityReport Report() => new()
    {
        Images = 1,
        HidingImages = 0,
        HasLabels = false,
        Macs = 100,
        Blocks = [],
        Layers = [.. "eabcd".Select(static (name, i) => new LayerEntry(name.ToString(), "Conv", name == 'e' ? 50 : 5, new(20 + i, 1, 0.5 - i / 10.0, 1)))],
    };

    // The reference is right on all pictures, the network on all but some.
    private static EvaluationResult Losing(int pictures)
    {
        Answer right = Answer.Of([1, 0], 0), wrong = Answer.Of([0, 1], 0);
        return new(2, new int[Pictures], [.. Enumerable.Range(0, Pictures).Select(i => i < pictures ? wrong : right)],
            [.. Enumerable.Repeat(right, Pictures)]);
    }
}

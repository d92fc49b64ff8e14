using ResNetEdge.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class EntropyObserverTests
{
    /// <summary>The definition, element by element, without a histogram's bins having been joined into steps.</summary>
    [Fact]
    public void The_divergence_is_that_of_the_definition()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 40; trial++)
        {
            double width = 0.01 * (1 + random.Next(4));
            (double Value, long Count)[] bins = [.. Enumerable.Range(-300, 900).Where(_ => random.Next(3) > 0)
                .Select(i => ((i + 0.5) * width, 1L + random.Next(50)))];
            float low = -(float)(random.NextDouble() * 3), high = (float)(1 + random.NextDouble() * 6);
            Assert.Equal(ByDefinition(bins, low, high), EntropyObserver.Divergence(bins, low, high), 9);
        }
    }

    [Fact]
    public void A_clip_that_changes_nothing_diverges_by_nothing()
    {
        (double, long)[] bins = [.. Enumerable.Range(1, 100).Select(i => (i / 100.0, (long)i))]; // fewer bins than steps
        Assert.Equal(0, EntropyObserver.Divergence(bins, 0, 1), 9);
        Assert.True(EntropyObserver.Divergence(bins, 0, 0.8f) > 0);
    }

    [Fact]
    public void Far_outliers_are_cut_off_and_an_even_distribution_is_kept()
    {
        var random = new Random(8);
        float[] even = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextSingle())];
        Assert.InRange(Range(even).High, 0.9f, 1);
        float[] spiky = [.. Enumerable.Range(0, 100_000).Select(_ => MathF.Pow(random.NextSingle(), 4)), 40, 50];
        Assert.InRange(Range(spiky).High, 4.9f, 12);
    }

    private static (float Low, float High) Range(float[] values)
    {
        var observer = new EntropyObserver();
        Assert.True(observer.Observe(values));
        return observer.Range();
    }

    private static double ByDefinition((double Value, long Count)[] bins, float low, float high)
    {
        var parameters = QuantizationParameters.FromRange(low, high);
        var inside = bins.Where(b => b.Value >= low && b.Value <= high).ToList();
        double total = bins.Sum(b => b.Count), kept = inside.Sum(b => b.Count), sum = 0;
        foreach (var bin in inside)
        {
            double seen = bin.Count;
            if (bin == inside[0]) seen += bins.Where(b => b.Value < low).Sum(b => b.Count);
            if (bin == inside[^1]) seen += bins.Where(b => b.Value > high).Sum(b => b.Count);
            var step = inside.Where(b => parameters.Quantize((float)b.Value) == parameters.Quantize((float)bin.Value)).ToList();
            double quantized = step.Sum(b => b.Count) / (double)step.Count;
            sum += seen / total * Math.Log(seen / total / (quantized / kept));
        }

        return sum;
    }
}

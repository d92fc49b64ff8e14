using ResNetEdge.Metrics;

namespace ResNetEdge.Tests.Unit.Runtime.Metrics;

public class LatencyPercentilesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(50, 50)]
    [InlineData(50.5, 51)]
    [InlineData(90, 90)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    public void Percentiles_are_nearest_rank(double percent, int milliseconds)
    {
        var latencies = new LatencyPercentiles(100);
        for (int i = 100; i >= 1; i--) latencies.Add(TimeSpan.FromMilliseconds(i));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), latencies.Percentile(percent));
        Assert.Equal(TimeSpan.FromMilliseconds(1), latencies.Min);
    }

    [Fact]
    public void One_sample_is_every_percentile()
    {
        var latencies = new LatencyPercentiles(8);
        latencies.Add(TimeSpan.FromTicks(7));
        Assert.Equal(TimeSpan.FromTicks(7), latencies.Percentile(99));
    }

    [Fact]
    public void A_full_buffer_and_an_empty_one_are_told()
    {
        var latencies = new LatencyPercentiles(1);
        Assert.Throws<InvalidOperationException>(() => latencies.Percentile(50));
        latencies.Add(TimeSpan.Zero);
        Assert.True(latencies.IsFull);
        Assert.Throws<InvalidOperationException>(() => latencies.Add(TimeSpan.Zero));
    }
}

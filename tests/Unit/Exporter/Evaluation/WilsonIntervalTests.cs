using ResNetEdge.Exporter.Evaluation;

namespace ResNetEdge.Tests.Unit.Exporter.Evaluation;

public class WilsonIntervalTests
{
    [Theory]
    [InlineData(93, 100, 0.8625, 0.9657)] // where |share - p| = z sqrt(p (1 - p) / n), solved by bisection
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    public void Bounds_are_where_the_score_test_just_rejects(int right, int count, double low, double high)
    {
        var interval = WilsonInterval.Of(right, count);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Holds_the_share_itself()
    {
        for (int right = 0; right <= 37; right++)
        {
            var (low, high) = WilsonInterval.Of(right, 37);
            Assert.InRange(right / 37.0, low - 1e-12, high + 1e-12);
        }
    }

    [Fact]
    public void No_pictures_have_no_interval() => Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, 0));
}

using ResNetEdge.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class ObserverTests
{
    public static TheoryData<string> Methods => [.. ObserverTable.Entries.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_range_lies_within_what_was_seen(string method)
    {
        var observer = ObserverTable.Find(method)!.Create();
        float[] values = Normal(5, 20_000);
        Assert.True(observer.Observe(values));
        var (low, high) = observer.Range();
        Assert.InRange(low, values.Min(), 0);
        Assert.InRange(high, 0, values.Max());
        Assert.False(observer.IsConstant);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Batches_in_any_order_give_the_range_of_the_whole(string method)
    {
        float[] values = Normal(11, 30_000);
        for (int i = 0; i < values.Length; i++) values[i] *= MathF.Exp(i % 7); // widens the histogram again and again
        Assert.Equal(Ranged(method, values, 30_000), Ranged(method, values, 1_000));
        Assert.Equal(Ranged(method, values, 30_000), Ranged(method, [.. values.Reverse()], 17));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Infinity_and_NaN_are_reported(string method)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            Assert.False(ObserverTable.Find(method)!.Create().Observe([1, bad, 2]));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_single_number_is_constant(string method)
    {
        var observer = ObserverTable.Find(method)!.Create();
        observer.Observe([0, 0]);
        observer.Observe([0]);
        Assert.True(observer.IsConstant);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Extremes_of_float_are_counted_not_lost(string method)
    {
        var observer = ObserverTable.Find(method)!.Create();
        Assert.True(observer.Observe([0, float.Epsilon, -float.Epsilon]));
        Assert.True(observer.Observe([float.MaxValue, -float.MaxValue, 1]));
        Assert.Equal((-float.MaxValue, float.MaxValue), (observer.Minimum, observer.Maximum));
        var (low, high) = observer.Range();
        Assert.True(low <= 0 && high >= 0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Elements_that_are_not_sampled_widen_the_extremes_alone(string method)
    {
        var observer = ObserverTable.Find(method)!.Create();
        float[] values = Normal(5, 20_000);
        Assert.True(observer.Observe(values));
        var before = observer.Range();
        observer = ObserverTable.Find(method)!.Create();
        Assert.True(observer.Observe(values));
        Assert.True(observer.Observe([values.Min() / 2, values.Max() / 2], isSampled: false));
        Assert.False(observer.Observe([float.NaN], isSampled: false));
        Assert.Equal(before, observer.Range());
        Assert.True(observer.Observe([1000], isSampled: false));
        Assert.Equal(1000, observer.Maximum);
    }

    [Fact]
    public void A_moving_average_is_moved_little_by_one_odd_picture()
    {
        var observer = new MovingAverageObserver();
        for (int i = 0; i < 50; i++)
        {
            observer.Observe([0, i == 25 ? 100 : 1]);
            observer.EndPicture();
        }

        Assert.Equal(50 / 50f + 99 / 50f, observer.Range().High, 0.001f); // up to 100 pictures a plain average
        for (int i = 0; i < 2000; i++)
        {
            observer.Observe([0, 2]);
            observer.EndPicture();
        }

        Assert.Equal(2, observer.Range().High, 0.001f);
    }

    [Fact]
    public void Min_max_covers_an_outlier_and_percentile_cuts_it_off()
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => i / 100_000f), 1000];
        Assert.Equal((0f, 1000f), Ranged("min-max", values, 1_000));
        Assert.InRange(Ranged("percentile", values, 1_000).High, 0.99f, 1.3f);
    }

    [Fact]
    public void Percentile_is_the_quantile_to_within_a_bin()
    {
        float[] values = Normal(3, 200_000);
        var (low, high) = Ranged("percentile", values, 4_096);
        Array.Sort(values);
        Assert.Equal(values[(int)(values.Length * 0.9999)], high, 0.01f);
        Assert.Equal(values[(int)(values.Length * 0.0001)], low, 0.01f);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("behind a ReLU")]
    [InlineData("heavy tails")]
    public void Mse_loses_to_no_other_method_in_the_error_it_minimises(string distribution)
    {
        float[] values = [.. Normal(19, 50_000).Select(v => distribution switch
        {
            "behind a ReLU" => Math.Max(0, v),
            "heavy tails" => v * v * v,
            _ => v,
        })];
        double least = ObserverTable.Entries.Min(entry => Error(values, Ranged(entry.Name, values, 999)));
        Assert.True(Error(values, Ranged("mse", values, 999)) <= 1.02 * least);
    }

    private static double Error(float[] values, (float Low, float High) range)
    {
        var parameters = QuantizationParameters.FromRange(range.Low, range.High);
        return values.Sum(v => Math.Pow(v - parameters.Dequantize(parameters.Quantize(v)), 2));
    }

    private static (float Low, float High) Ranged(string method, float[] values, int batch)
    {
        var observer = ObserverTable.Find(method)!.Create();
        for (int i = 0; i < values.Length; i += batch) Assert.True(observer.Observe(values.AsSpan(i, Math.Min(batch, values.Length - i))));
        return observer.Range();
    }

    private static float[] Normal(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}

using ResNetEdge.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class QuantizationParametersTests
{
    [Fact]
    public void A_range_above_zero_gets_zero_point_0() =>
        Assert.Equal(new QuantizationParameters(2f / 255, 0), QuantizationParameters.FromRange(0.5f, 2));

    [Fact]
    public void A_range_below_zero_gets_zero_point_255() =>
        Assert.Equal(new QuantizationParameters(2f / 255, 255), QuantizationParameters.FromRange(-2, -0.5f));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(-3.7f, 0.001f)]
    [InlineData(-2.118f, 2.64f)]
    [InlineData(0, 1e-17f)]
    [InlineData(-1e30f, 1e30f)]
    public void Zero_is_represented_exactly(float low, float high)
    {
        var parameters = QuantizationParameters.FromRange(low, high);
        Assert.Equal(0f, parameters.Dequantize(parameters.Quantize(0)));
    }

    [Fact]
    public void Every_value_within_the_range_is_at_most_one_step_off()
    {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++)
        {
            float low = -random.NextSingle() * MathF.Exp(random.Next(-20, 20)), high = random.NextSingle() * MathF.Exp(random.Next(-20, 20));
            var parameters = QuantizationParameters.FromRange(low, high);
            float value = low + (high - low) * random.NextSingle();
            Assert.True(
                MathF.Abs(parameters.Dequantize(parameters.Quantize(value)) - value) <= parameters.Scale * 1.001f, $"{value} in {low} .. {high}");
        }
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 1e-30f)]
    public void A_range_that_is_none_is_refused(float low, float high) =>
        Assert.Throws<ArgumentException>(() => QuantizationParameters.FromRange(low, high));
}

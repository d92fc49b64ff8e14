using ResNetEdge.Exporter.Quantization;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization;

public class ExtremesTests
{
    [Fact]
    public void Extremes_are_those_of_looking_at_each_element()
    {
        var random = new Random(5);
        for (int length = 1; length < 70; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() * 8 - 4)];
            Assert.Equal((values.Min(), values.Max(), true), Extremes.Of(values));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_element_that_is_no_number_is_found_wherever_it_is(float bad)
    {
        for (int length = 1; length < 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                float[] values = new float[length];
                values[at] = bad;
                Assert.False(Extremes.Of(values).IsFinite);
            }
        }
    }

    [Fact]
    public void The_largest_floats_are_finite() => Assert.Equal(
        (-float.MaxValue, float.MaxValue, true),
        Extremes.Of([.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? float.MaxValue : -float.MaxValue)]));

    [Fact]
    public void Magnitudes_are_raised_channel_by_channel()
    {
        var random = new Random(6);
        foreach (int channels in Enumerable.Range(1, 21))
        {
            float[] values = [.. Enumerable.Range(0, channels * 9).Select(_ => random.NextSingle() * 8 - 4)], largest = new float[channels];
            largest[channels - 1] = 3;
            Extremes.RaiseMagnitudes(values, largest);
            for (int c = 0; c < channels; c++)
                Assert.Equal(Math.Max(c == channels - 1 ? 3 : 0, Enumerable.Range(0, 9).Max(p => Math.Abs(values[p * channels + c]))), largest[c]);
        }
    }
}

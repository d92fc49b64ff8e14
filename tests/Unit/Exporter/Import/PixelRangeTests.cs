using ResNetEdge.Exporter.Import;
using ResNetEdge.Steps;

namespace ResNetEdge.Tests.Unit.Exporter.Import;

public class PixelRangeTests
{
    /// <summary>Bytes are 255 times the normalised value: what is left of ties may go either way.</summary>
    [Fact]
    public void Composed_with_the_steps_of_an_input_a_normalisation_gives_the_same_integers()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 2000; trial++)
        {
            float mean = random.NextSingle(), std = 0.1f + random.NextSingle(), scale = 0.005f + random.NextSingle() / 20;
            byte zero = (byte)random.Next(256);
            var (inSteps, divisor) = PixelRange.OfSteps(scale, zero, 0).InSteps(mean, std);
            for (int pixel = 0; pixel < 256; pixel++)
            {
                double exact = (pixel / 255.0 - mean) / std / scale + zero;
                if (Math.Abs(exact - Math.Floor(exact) - 0.5) < 1e-3) continue;
                int expected = (int)Math.Clamp(Math.Round(exact), 0, 255);
                Assert.Equal(expected, Requantize.Quantize((pixel / 255f - inSteps) / divisor, 1 / 255f, 0));
            }
        }
    }

    [Fact]
    public void In_its_own_range_pixels_are_the_integers() =>
        Assert.Equal((0f, 1f), PixelRange.OfSteps(0.0078125f, 0, sbyte.MinValue) is var range ? range.InSteps(range.Mean, range.Std) : default);
}

using ResNetEdge.Exporter.Quantization.Rounding;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization.Rounding;

public class GramMatrixTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 9)]
    [InlineData(300, 9)] // three blocks
    [InlineData(1153, 1)]
    public void Sums_are_exact_in_every_block(int channels, int taps)
    {
        const int seed = 5, vectors = 40;
        var random = new Random(seed);
        var gram = new GramMatrix(channels, taps);
        short[][] steps = [.. Enumerable.Range(0, vectors)
            .Select(_ => Enumerable.Range(0, channels * taps).Select(_ => (short)random.Next(-255, 256)).ToArray())];
        foreach (short[] vector in steps) gram.Add(vector);
        int covered = 0;
        for (int b = 0; b < gram.Blocks; b++)
        {
            Assert.Equal(covered, gram.Start(b));
            Assert.InRange(gram.Size(b), 1, GramMatrix.MaxBlock);
            Assert.Equal(0, gram.Size(b) % taps); // a channel's window stays together
            covered += gram.Size(b);
            for (int probe = 0; probe < 200; probe++)
            {
                int row = random.Next(gram.Size(b)), column = random.Next(gram.Size(b)), i = gram.Start(b) + row, j = gram.Start(b) + column;
                double product = steps.Average(s => (double)s[i] * s[j]),
                    expected = product - steps.Average(s => (double)s[i]) * steps.Average(s => (double)s[j]);
                Assert.Equal(expected, gram.Covariance(b, row, column), 6);
            }
        }

        Assert.Equal(gram.Length, covered);
    }

    [Fact]
    public void Windows_hold_what_the_convolution_multiplies()
    {
        const int seed = 8, channels = 4, height = 5, width = 6, groups = 2;
        var random = new Random(seed);
        var conv = new Node("Conv", "conv", ["x", "w"], ["y"]).With("pads", new long[] { 1, 0, 1, 1 })
            .With("strides", new long[] { 2, 1 }).With("group", (long)groups);
        var patches = new LayerPatches(conv, new Shape(1, channels, height, width), new Shape(6, channels / groups, 3, 2), [7, 7, -3, -3]);
        short[] steps = [.. Enumerable.Range(0, channels * height * width).Select(_ => (short)random.Next(-255, 256))];
        Assert.Equal(3 * 6, patches.Positions);
        for (int position = 0; position < patches.Positions; position++) patches.Add(steps, position);

        // The mean of tap (channel 3, row 2, column 1): rows 2·y − 1 + 2, columns x + 1 over all windows, −3 outside.
        double sum = 0;
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 6; x++) sum += 2 * y + 1 < height && x + 1 < width ? steps[(3 * height + 2 * y + 1) * width + x + 1] : -3;
        Assert.Equal(sum / patches.Positions, patches.Grams[1].Mean(1 * 6 + 2 * 2 + 1), 9);
    }
}

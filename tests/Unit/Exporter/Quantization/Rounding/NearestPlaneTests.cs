using ResNetEdge.Exporter.Quantization.Rounding;

namespace ResNetEdge.Tests.Unit.Exporter.Quantization.Rounding;

public class NearestPlaneTests
{
    private const int Seed = 11, Limit = 127;

    [Fact]
    public void Inputs_that_move_together_are_rounded_to_a_smaller_error_than_each_alone()
    {
        var random = new Random(Seed);
        double together = 0, alone = 0;
        for (int round = 0; round < 20; round++)
        {
            int size = random.Next(2, 40), outputs = random.Next(1, 9);
            var gram = new GramMatrix(size, 1);
            for (int i = 0; i < 400; i++) gram.Add(Correlated(random, size));
            double[][] weights = [.. Enumerable.Range(0, size)
                .Select(_ => Enumerable.Range(0, outputs).Select(_ => random.NextDouble() * 100 - 50).ToArray())];
            double[][] rounded = [.. weights.Select(row => (double[])row.Clone())];
            new NearestPlane(gram, 0).Round(rounded, outputs, Limit);
            Assert.All(rounded.SelectMany(r => r), q => Assert.Equal(Math.Round(q), q));
            double[][] nearest = [.. weights.Select(row => row.Select(w => Math.Round(w)).ToArray())];
            together += Error(gram, weights, rounded, outputs);
            alone += Error(gram, weights, nearest, outputs);
        }

        Assert.True(together < 0.1 * alone, $"{together} instead of {alone}");
    }

    [Fact]
    public void Inputs_that_are_independent_are_rounded_to_the_nearest()
    {
        var gram = new GramMatrix(4, 1);
        for (int k = 0; k < 4; k++)
        {
            foreach (short sign in new short[] { 1, -1 })
            {
                short[] one = new short[4];
                one[k] = (short)(sign * 10);
                gram.Add(one);
            }
        }

        double[][] weights = [[1.4], [-2.6], [0.49], [130.2]];
        new NearestPlane(gram, 0).Round(weights, 1, Limit);
        Assert.Equal([1, -3, 0, Limit], weights.Select(w => w[0]));
    }

    [Fact]
    public void A_matrix_of_nothing_rounds_to_the_nearest()
    {
        var gram = new GramMatrix(3, 1);
        double[][] weights = [[1.4, 2.6], [-0.2, 9.9], [5, -5.4]];
        new NearestPlane(gram, 0).Round(weights, 2, Limit);
        Assert.Equal([1, 3, 0, 10, 5, -5], weights.SelectMany(w => w));
    }

    // All elements follow one number; each adds a little of its own.
    private static short[] Correlated(Random random, int size)
    {
        int common = random.Next(-100, 101);
        return [.. Enumerable.Range(0, size).Select(_ => (short)(common + random.Next(-8, 9)))];
    }

    private static double Error(GramMatrix gram, double[][] weights, double[][] rounded, int outputs)
    {
        double sum = 0;
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < weights.Length; i++)
                for (int j = 0; j < weights.Length; j++)
                    sum += (weights[i][o] - rounded[i][o]) * (weights[j][o] - rounded[j][o]) * gram.Covariance(0, i, j);
        return sum;
    }
}

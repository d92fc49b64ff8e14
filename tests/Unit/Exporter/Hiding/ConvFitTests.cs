using ResNetEdge.Exporter.Hiding;

namespace ResNetEdge.Tests.Unit.Exporter.Hiding;

/// <summary>Closed-form fits: what was made by a convolution is found again; a ridge draws to the prior; nonsense is refused.</summary>
public class ConvFitTests
{
    private const int Height = 9, Width = 7;

    [Theory]
    [InlineData(5, 5, 1, 1, 1)]
    [InlineData(3, 6, 1, 2, 1)]
    [InlineData(4, 4, 1, 1, 4)]
    [InlineData(3, 4, 3, 1, 1)]
    [InlineData(4, 8, 3, 2, 2)]
    public void The_convolution_that_made_the_maps_is_found(int inputs, int outputs, int kernel, int stride, int groups)
    {
        var shape = new FittedShape(inputs, outputs, kernel, stride, groups);
        var random = new Random(7);
        var made = new FittedConv(Values(random, outputs * shape.Taps), Values(random, outputs), shape);
        var fit = new ConvFit(shape);
        for (int picture = 0; picture < 12; picture++)
        {
            var input = new FeatureMap(Values(random, inputs * Height * Width), inputs, Height, Width);
            var output = Run(made, input);
            float[] elsewhere = Values(random, output.Values.Length);
            var target = output with { Values = output.Values.ToArray().Zip(elsewhere, (a, b) => a + b).ToArray() };
            fit.Add(input, target, output with { Values = elsewhere }, SampledPixels.Of(output.Pixels, 30, picture));
        }

        var found = fit.Solve(1e-9, null);
        Assert.All(made.Weights.Zip(found.Weights), p => Assert.Equal(p.First, p.Second, 1e-4));
        Assert.All(made.Bias.Zip(found.Bias), p => Assert.Equal(p.First, p.Second, 1e-4));
    }

    [Fact]
    public void A_strong_ridge_keeps_the_prior_and_a_weak_one_the_data()
    {
        var squares = new LeastSquares(2, 1);
        for (int i = 0; i < 100; i++) squares.Add([i % 5, 1], [3f * (i % 5) - 2]);
        Assert.Equal([0.5, 0.25], squares.Solve(1e9, [0.5, 0.25]).Select(v => Math.Round(v, 6)));
        Assert.Equal([3, -2], squares.Solve(1e-12, [0.5, 0.25]).Select(v => Math.Round(v, 6)));
    }

    [Fact]
    public void Sums_do_not_depend_on_how_rows_are_batched()
    {
        var random = new Random(3);
        var (one, two) = (new LeastSquares(19, 3), new LeastSquares(19, 3));
        double[] sums = new double[19 * 3];
        for (int row = 0; row < 1000; row++)
        {
            float[] a = Values(random, 19), t = Values(random, 3);
            one.Add(a, t);
            two.Add(a, t);
            if (row % 301 == 300) two.Solve(1, new double[57]); // asks in between, which closes the batch
            for (int i = 0; i < 19; i++)
                for (int o = 0; o < 3; o++) sums[i * 3 + o] += (double)a[i] * t[o];
        }

        Assert.All(one.Solve(1e-3).Zip(two.Solve(1e-3)), p => Assert.Equal(p.First, p.Second, 1e-6));

        // With a ridge so strong that aᵀa does not count, what remains is aᵀt over it.
        double scale = one.Solve(1e9)[0] / sums[0];
        Assert.All(one.Solve(1e9).Zip(sums), p => Assert.Equal(p.Second * scale, p.First, Math.Abs(scale) * 1e-2));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0f)]
    public void Nothing_is_fitted_to_nonsense(float value)
    {
        var squares = new LeastSquares(1, 1);
        for (int i = 0; i < 20; i++) squares.Add([value], [1]);
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => squares.Solve(1e-3)).Kind);
    }

    [Fact]
    public void Sampled_pixels_are_distinct_within_the_map_and_the_same_again()
    {
        int[] drawn = SampledPixels.Of(100, 30, 5);
        Assert.Equal(30, drawn.Distinct().Count());
        Assert.All(drawn, p => Assert.InRange(p, 0, 99));
        Assert.Equal(drawn, SampledPixels.Of(100, 30, 5));
        Assert.NotEqual(drawn, SampledPixels.Of(100, 30, 6));
        Assert.Equal(Enumerable.Range(0, 9), SampledPixels.Of(9, 30, 5));
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    // The definition of a convolution, zeros outside.
    private static FeatureMap Run(FittedConv conv, FeatureMap input)
    {
        var s = conv.Shape;
        int height = (input.Height + 2 * s.Pad - s.Kernel) / s.Stride + 1,
            width = (input.Width + 2 * s.Pad - s.Kernel) / s.Stride + 1, per = s.Inputs / s.Groups;
        float[] output = new float[s.Outputs * height * width];
        for (int o = 0; o < s.Outputs; o++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                {
                    float sum = conv.Bias[o];
                    for (int t = 0; t < s.Taps; t++)
                    {
                        int c = o / (s.Outputs / s.Groups) * per + t / (s.Kernel * s.Kernel),
                            iy = y * s.Stride - s.Pad + t / s.Kernel % s.Kernel, ix = x * s.Stride - s.Pad + t % s.Kernel;
                        if (iy >= 0 && iy < input.Height && ix >= 0 && ix < input.Width)
                            sum += conv.Weights[o * s.Taps + t] * input.Values.Span[(c * input.Height + iy) * input.Width + ix];
                    }

                    output[(o * height + y) * width + x] = sum;
                }

        return new(output, s.Outputs, height, width);
    }
}

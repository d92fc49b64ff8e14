using ResNetEdge.Results;

namespace ResNetEdge.Tests.Unit.Runtime.Results;

public class SoftmaxTests
{
    [Fact]
    public void Probabilities_are_exp_over_the_sum()
    {
        var p = Apply([0, MathF.Log(3)]);
        Assert.Equal(0.25, p[0], 6);
        Assert.Equal(0.75, p[1], 6);
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        Assert.Equal([0.5f, 0.5f], Apply([1e38f, 1e38f]));
        Assert.Equal([0f, 1f], Apply([-3e38f, 3e38f]));
    }

    [Fact]
    public void Infinite_logits_share_all_of_it() => Assert.Equal([0.5f, 0f, 0.5f], Apply([float.PositiveInfinity, 0, float.PositiveInfinity]));

    [Fact]
    public void It_sums_to_1_on_any_logits()
    {
        const int seed = 11;
        var random = new Random(seed);
        for (int trial = 0; trial < 200; trial++)
        {
            var logits = new float[random.Next(1, 2000)];
            for (int i = 0; i < logits.Length; i++) logits[i] = (random.NextSingle() - 0.5f) * random.Next(1, 1000);
            Assert.Equal(1.0, Apply(logits).Sum(p => (double)p), 4);
        }
    }

    private static float[] Apply(float[] logits)
    {
        var probabilities = new float[logits.Length];
        Softmax.Apply(logits, probabilities);
        return probabilities;
    }
}

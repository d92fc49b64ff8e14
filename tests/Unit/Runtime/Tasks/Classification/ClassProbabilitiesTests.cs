using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks.Classification;

public class ClassProbabilitiesTests
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
    public void Infinite_logits_share_all_of_it()
    {
        Assert.Equal([0.5f, 0f, 0.5f], Apply([float.PositiveInfinity, 0, float.PositiveInfinity]));
        Assert.Equal([0.5f, 0.5f], Apply([float.NegativeInfinity, float.NegativeInfinity]));
        Assert.Equal([1f, 0f], Apply([7, float.NegativeInfinity]));
    }

    [Fact]
    public void One_that_is_not_a_number_leaves_none() => Assert.All(Apply([float.NaN, float.PositiveInfinity, 0]), p => Assert.True(float.IsNaN(p)));

    [Fact]
    public void The_logits_may_be_overwritten()
    {
        float[] values = [0, MathF.Log(3)];
        ClassProbabilities.Of(values, values);
        Assert.Equal([0.25f, 0.75f], values);
        Assert.Throws<ArgumentException>(() => ClassProbabilities.Of(values, new float[3]));
    }

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
        ClassProbabilities.Of(logits, probabilities);
        return probabilities;
    }
}

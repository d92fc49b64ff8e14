using ResNetEdge.Tasks.Classification;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks.Classification;

public class TopKTests
{
    [Fact]
    public void Equal_values_come_in_index_order() => Assert.Equal([2, 0, 1, 3], Find([5, 5, 9, 5], 4));

    [Fact]
    public void NaN_is_below_everything() => Assert.Equal([1, 2, 0], Find([float.NaN, 3, float.NegativeInfinity], 3));

    [Fact]
    public void It_equals_a_stable_sort_on_random_lists()
    {
        const int seed = 12;
        var random = new Random(seed);
        for (int trial = 0; trial < 500; trial++)
        {
            var values = new float[random.Next(1, 40)];
            for (int i = 0; i < values.Length; i++) values[i] = random.Next(8) == 0 ? float.NaN : random.Next(6);
            int k = random.Next(0, values.Length + 1);
            int[] expected = [.. Enumerable.Range(0, values.Length)
                .OrderByDescending(i => float.IsNaN(values[i]) ? float.NegativeInfinity : values[i]).Take(k)];
            Assert.Equal(expected, Find(values, k));
            Assert.Equal(Find(values, 1)[0], TopK.Largest(values));
        }
    }

    [Fact]
    public void More_than_there_are_is_refused() => Assert.Throws<ArgumentException>(() => Find([1], 2));

    private static int[] Find(float[] values, int k)
    {
        var indices = new int[k];
        TopK.Find(values, indices);
        return indices;
    }
}

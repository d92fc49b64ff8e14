using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Tests.Unit.Runtime.Operators;

public class StridedBoxTests
{
    /// <summary>Any axes, strides and element sizes, blocks crossed or not: each element is where the strides say.</summary>
    [Fact]
    public void Every_element_goes_where_the_strides_say()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            int rank = random.Next(0, 5), size = 1 << random.Next(4);
            int[] lengths = [.. Enumerable.Range(0, rank).Select(_ => random.Next(10) == 0 ? 0 : random.Next(1, rank < 3 ? 40 : 9))];
            int[] order = [.. Enumerable.Range(0, rank).OrderBy(_ => random.Next())];
            long[] from = new long[rank], to = new long[rank];
            int count = 1;
            for (int d = rank - 1; d >= 0; count *= lengths[d--]) to[d] = count;
            int read = 1;
            foreach (int d in order)
            {
                bool repeats = random.Next(5) == 0;
                from[d] = repeats ? 0 : random.Next(4) == 0 ? -read : read;
                if (!repeats) read *= lengths[d];
            }

            long first = from.Select((stride, d) => stride < 0 ? -stride * (lengths[d] - 1) : 0).Sum();
            byte[] source = new byte[Math.Max(read, 1) * size], target = new byte[count * size], expected = new byte[count * size];
            random.NextBytes(source);
            var box = new StridedBox(size);
            for (int d = 0; d < rank; d++) box.Add(lengths[d], from[d], to[d]);
            box.Copy(source, first, target, 0);
            for (int i = 0; i < count; i++)
            {
                long at = first;
                for (int d = 0; d < rank; d++) at += i / to[d] % lengths[d] * from[d];
                source.AsSpan((int)at * size, size).CopyTo(expected.AsSpan(i * size));
            }

            Assert.True(expected.AsSpan().SequenceEqual(target), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(3, 1, 0, 0), InlineData(2, 2, 1, 0), InlineData(2, 1, 0, 1), InlineData(2, -1, 0, 0)]
    public void A_box_that_reaches_out_is_not_copied(int length, long stride, long from, long to)
    {
        Assert.Throws<InvalidOperationException>(() =>
        {
            var box = new StridedBox(1);
            box.Add(length, stride, 1);
            box.Copy(new byte[3], from, new byte[2], to);
        });
    }
}

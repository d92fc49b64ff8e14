namespace ResNetEdge.Exporter.Hiding;

/// <summary>Which pixels of a map a fit looks at: other ones in every picture, the same ones on every machine.</summary>
internal static class SampledPixels
{
    /// <summary>Draws without repetition.</summary>
    /// <param name="pixels">Of the map.</param>
    /// <param name="wanted">How many; all when there are no more.</param>
    /// <param name="picture">The picture's number, from which the choice is drawn.</param>
    public static int[] Of(int pixels, int wanted, int picture)
    {
        int[] all = [.. Enumerable.Range(0, pixels)];
        if (pixels <= wanted) return all;
        var random = new Random(picture);
        for (int i = 0; i < wanted; i++)
        {
            int other = random.Next(i, pixels);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..wanted];
    }
}

namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Chooses the clip whose quantised distribution tells least apart from the one seen: the Kullback-Leibler divergence of the two, over the
/// histogram's bins. Memory: one <see cref="StreamingHistogram"/>, 64 KiB.
/// </summary>
/// <remarks>
/// After Migacz, 8-bit inference with TensorRT (GTC 2017), for affine u8: a candidate keeps the same share of both bounds; what lies outside is
/// counted into the outermost bins of the reference, and each quantised step spreads what it holds evenly over its bins that hold something. Exact
/// zeros, of which a ReLU makes half of all elements, are left out: every candidate represents them exactly.
/// </remarks>
internal sealed class EntropyObserver : Observer
{
    private const int Candidates = 128;
    private const double LeastShare = 0.1;

    private readonly StreamingHistogram _histogram = new();

    /// <inheritdoc/>
    protected override void Accumulate(ReadOnlySpan<float> values) => _histogram.Add(values, Math.Max(Math.Abs(Minimum), Math.Abs(Maximum)));

    /// <inheritdoc/>
    protected override (float Low, float High) ChooseRange()
    {
        (double Value, long Count)[] bins = [.. _histogram.Bins().Where(b => b.Value != 0)];
        float low = Math.Min(Minimum, 0), high = Math.Max(Maximum, 0);
        float best = 1;
        double least = Divergence(bins, low, high);
        for (int i = Candidates - 1; i > 0; i--)
        {
            float share = (float)(LeastShare + (1 - LeastShare) * i / Candidates);
            double divergence = Divergence(bins, low * share, high * share);
            if (divergence < least) (least, best) = (divergence, share);
        }

        return (low * best, high * best);
    }

    /// <summary>Divergence in nats of the distribution after clipping and quantising from the one seen.</summary>
    /// <param name="bins">Ascending; counts positive.</param>
    /// <param name="low">Lower bound, at most 0.</param>
    /// <param name="high">Upper bound, at least 0.</param>
    internal static double Divergence(ReadOnlySpan<(double Value, long Count)> bins, float low, float high)
    {
        if (high - low < QuantizationParameters.MinimumRange || bins.IsEmpty) return double.PositiveInfinity;
        var parameters = QuantizationParameters.FromRange(low, high);
        int first = 0, last = bins.Length - 1;
        long below = 0, above = 0, total = 0;
        foreach (var (_, count) in bins) total += count;
        while (first < last && bins[first].Value < low) below += bins[first++].Count;
        while (last > first && bins[last].Value > high) above += bins[last--].Count;
        double kept = total - below - above, sum = 0;
        for (int start = first; start <= last;)
        {
            // The bins of one step; the candidate gives each of them the same share.
            byte step = parameters.Quantize((float)bins[start].Value);
            int end = start;
            long inside = 0;
            for (; end <= last && parameters.Quantize((float)bins[end].Value) == step; end++) inside += bins[end].Count;
            double each = inside / (double)(end - start) / kept;
            for (int b = start; b < end; b++)
            {
                double share = (bins[b].Count + (b == first ? below : 0) + (b == last ? above : 0)) / (double)total;
                sum += share * Math.Log(share / each);
            }

            start = end;
        }

        return sum;
    }
}

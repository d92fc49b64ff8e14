namespace ResNetEdge.Exporter.Calibration;

/// <summary>
/// How far what a layer gives on some pictures is from what its BatchNormalization recorded in training; each figure the median over its channels.
/// </summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Ratio">Standard deviation seen over the one recorded; 1 when nothing differs.</param>
/// <param name="Shift">Distance of the means, in recorded standard deviations.</param>
/// <param name="Divergence">Kullback-Leibler divergence in nats of the normal distribution seen
/// from the one recorded; 0 when nothing differs.</param>
internal sealed record LayerFit(string Layer, double Ratio, double Shift, double Divergence)
{
    // A channel that training has practically switched off is ignored: its ratio is noise over almost zero.
    private const float LeastDeviation = 1e-3f; // of the layer's widest channel

    private const double LeastRatio = 1e-6; // for the logarithm, where nothing varies

    /// <summary>Compares; null when every channel is switched off.</summary>
    public static LayerFit? Of(TrainedStatistics trained, ChannelStatistics seen)
    {
        float widest = trained.Deviation.Max();
        int[] channels = [.. Enumerable.Range(0, seen.Channels).Where(c => trained.Deviation[c] > LeastDeviation * widest)];
        if (channels.Length == 0) return null;
        double[] ratios = [.. channels.Select(c => Math.Max(LeastRatio, seen.Deviation(c) / trained.Deviation[c]))];
        double[] shifts = [.. channels.Select(c => Math.Abs(seen.Mean(c) - trained.Mean[c]) / trained.Deviation[c])];
        return new(trained.Layer, TrainingRecord.Median(ratios), TrainingRecord.Median(shifts),
            TrainingRecord.Median(ratios.Zip(shifts, (r, s) => (r * r + s * s - 1) / 2 - Math.Log(r))));
    }
}

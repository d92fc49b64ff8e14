namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Cuts the same small share of elements off at both ends, so that rare outliers saturate and the rest get finer steps.
/// Memory: one <see cref="StreamingHistogram"/>, 64 KiB.
/// </summary>
/// <param name="share">Share of elements at or below the upper bound, e.g. 0.9999; as many lie at or above the lower bound.</param>
internal sealed class PercentileObserver(double share) : Observer
{
    private readonly StreamingHistogram _histogram = new();

    /// <inheritdoc/>
    protected override void Accumulate(ReadOnlySpan<float> values) => _histogram.Add(values, Math.Max(Math.Abs(Minimum), Math.Abs(Maximum)));

    /// <inheritdoc/>
    protected override (float Low, float High) ChooseRange() =>
        (Math.Clamp((float)_histogram.Quantile(1 - share), Minimum, Maximum), Math.Clamp((float)_histogram.Quantile(share), Minimum, Maximum));
}

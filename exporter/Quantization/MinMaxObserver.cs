namespace ResNetEdge.Exporter.Quantization;

/// <summary>Covers everything seen: nothing saturates, and one outlier makes all steps coarse. Memory: two floats.</summary>
internal sealed class MinMaxObserver : Observer
{
    /// <inheritdoc/>
    protected override void Accumulate(ReadOnlySpan<float> values)
    {
    }

    /// <inheritdoc/>
    protected override (float Low, float High) ChooseRange() => (Minimum, Maximum);
}

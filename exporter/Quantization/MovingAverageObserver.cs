namespace ResNetEdge.Exporter.Quantization;

/// <summary>
/// Averages the smallest and largest element of each picture, so that one odd picture moves the range
/// little. The first pictures count alike, later ones with a fixed weight, older ones fading (Jacob
/// et al., arXiv:1712.05877 §3.1, where the average starts at the first batch). Memory: six floats.
/// </summary>
internal sealed class MovingAverageObserver : Observer
{
    private const float LeastWeight = 0.01f;

    private float _low, _high, _pictureLow = float.PositiveInfinity, _pictureHigh = float.NegativeInfinity;
    private int _pictures;

    /// <inheritdoc/>
    public override void EndPicture()
    {
        if (_pictureLow > _pictureHigh) return;
        float weight = Math.Max(1f / ++_pictures, LeastWeight);
        _low += weight * (_pictureLow - _low);
        _high += weight * (_pictureHigh - _high);
        (_pictureLow, _pictureHigh) = (float.PositiveInfinity, float.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected override void Widened(float low, float high) =>
        (_pictureLow, _pictureHigh) = (Math.Min(_pictureLow, low), Math.Max(_pictureHigh, high));

    /// <inheritdoc/>
    protected override void Accumulate(ReadOnlySpan<float> values)
    {
    }

    /// <inheritdoc/>
    protected override (float Low, float High) ChooseRange()
    {
        EndPicture(); // what was not ended counts as a picture
        return (Math.Clamp(_low, Minimum, Maximum), Math.Clamp(_high, Minimum, Maximum)); // rounding
    }
}

namespace ResNetEdge.Preprocess;

/// <summary>
/// How each channel of a picture becomes u8: q = clamp(roundToEven(x / Scales[c]) + ZeroPoints[c], 0, 255). Equal when the numbers are.
/// </summary>
internal sealed class ChannelSteps : IEquatable<ChannelSteps>
{
    private readonly float[] _scales;
    private readonly byte[] _zeroPoints;

    /// <summary>One scale and zero point for each channel.</summary>
    /// <exception cref="ArgumentException">Not as many of one as of the other, or none.</exception>
    public ChannelSteps(float[] scales, byte[] zeroPoints)
    {
        if (scales.Length == 0 || scales.Length != zeroPoints.Length)
            throw new ArgumentException($"{scales.Length} scales and {zeroPoints.Length} zero points");
        (_scales, _zeroPoints) = (scales, zeroPoints);
    }

    /// <summary>The same for all channels.</summary>
    public ChannelSteps(int channels, float scale, byte zeroPoint)
        : this([.. Enumerable.Repeat(scale, channels)], [.. Enumerable.Repeat(zeroPoint, channels)])
    {
    }

    /// <summary>Positive and finite, one per channel.</summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>One per channel.</summary>
    public ReadOnlySpan<byte> ZeroPoints => _zeroPoints;

    /// <inheritdoc/>
    public bool Equals(ChannelSteps? other) => other is not null && Scales.SequenceEqual(other.Scales) && ZeroPoints.SequenceEqual(other.ZeroPoints);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChannelSteps);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (float scale in _scales) hash.Add(scale);
        hash.AddBytes(_zeroPoints);
        return hash.ToHashCode();
    }
}

namespace ResNetEdge.Exporter.Quantization;

/// <summary>How a float value becomes u8: q = clamp(roundToEven(x / Scale) + ZeroPoint, 0, 255), and back: x = (q − ZeroPoint) · Scale.</summary>
/// <param name="Scale">Width of one step; positive and finite.</param>
/// <param name="ZeroPoint">The step that stands for exactly 0.</param>
/// <remarks>Affine quantisation of Jacob et al., arXiv:1712.05877.</remarks>
internal readonly record struct QuantizationParameters(float Scale, byte ZeroPoint)
{
    /// <summary>A narrower range than this is not a signal: scales of neighbouring layers would leave the range of float when divided.</summary>
    public const float MinimumRange = 1e-18f;

    private const int Steps = 255;

    /// <summary>
    /// The parameters that cover a range. The range is widened to hold 0, which padding and ReLU need exactly; a range above 0 gets zero point 0.
    /// </summary>
    /// <exception cref="ArgumentException">A bound is not finite, or the widened range is narrower than <see cref="MinimumRange"/>.</exception>
    public static QuantizationParameters FromRange(float low, float high)
    {
        if (!float.IsFinite(low) || !float.IsFinite(high) || low > high) throw new ArgumentException($"no range: {low} to {high}");
        double from = Math.Min(low, 0), to = Math.Max(high, 0);
        if (to - from < MinimumRange) throw new ArgumentException($"range {from} to {to} is narrower than {MinimumRange}");

        float scale = (float)((to - from) / Steps);
        return new(scale, (byte)Math.Clamp(Math.Round(-from / scale), 0, Steps));
    }

    /// <summary>The nearest step.</summary>
    public byte Quantize(float value) => (byte)Math.Clamp(MathF.Round(value / Scale) + ZeroPoint, 0, Steps);

    /// <summary>The value that a step stands for.</summary>
    public float Dequantize(byte step) => (step - ZeroPoint) * Scale;
}

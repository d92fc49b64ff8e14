namespace ResNetEdge.Exporter.Import;

/// <summary>Pictures as a network wants them: (pixel / 255 − Mean) / Std, pixels 0 to 255, the same for every channel.</summary>
/// <param name="Mean">Of pixel / 255.</param>
/// <param name="Std">Of pixel / 255; positive.</param>
internal readonly record struct PixelRange(float Mean, float Std)
{
    /// <summary>
    /// The mean and standard deviation of an integer input's picture, whose bytes are 255 times the normalised value: for floats that are
    /// normalised by <paramref name="mean"/> and <paramref name="std"/> and then quantised in these steps. With this range's own, pixels come
    /// through as they are.
    /// </summary>
    public (float Mean, float Std) InSteps(float mean, float std) =>
        (mean, std) == (Mean, Std) ? (0, 1) : ((float)(mean - (double)std * Mean / Std), (float)((double)std / Std));

    /// <summary>Pixels as they are, 0 to 255, for a network that normalises them itself.</summary>
    public static PixelRange Bytes { get; } = new(0, 1 / 255f) { IsFixed = true };

    /// <summary>Whether any other range would be wrong.</summary>
    public bool IsFixed { get; private init; }

    /// <summary>The range of an input that is quantised so that its steps are pixels: x = (q − zeroPoint) · scale.</summary>
    /// <param name="scale">What one step is worth; positive.</param>
    /// <param name="zeroPoint">Step that stands for 0.</param>
    /// <param name="lowest">Lowest step, which stands for pixel 0: 0 for u8, −128 for s8.</param>
    public static PixelRange OfSteps(float scale, long zeroPoint, int lowest) => new((zeroPoint - lowest) / 255f, (float)(1 / (255.0 * scale)));
}

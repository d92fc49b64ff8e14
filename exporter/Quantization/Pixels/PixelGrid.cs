using ResNetEdge.Preprocess;

namespace ResNetEdge.Exporter.Quantization.Pixels;

/// <summary>
/// The 256 values that a channel of a normalised picture can have, (p / 255 − mean) / std, seen as u8: with a step of 1 / (255 · std) and the zero
/// point 255 · mean, rounded, quantising gives the pixel p itself and loses nothing.
/// </summary>
internal sealed class PixelGrid
{
    // A value this close to the middle of two steps could round either way by the last bit of a float.
    private const double Margin = 1e-3;

    private PixelGrid(float[] scales, byte[] zeroPoints, double[] zeros) => (Scales, ZeroPoints, Zeros) = (scales, zeroPoints, zeros);

    /// <summary>One step of each channel.</summary>
    public float[] Scales { get; }

    /// <summary>The pixel value nearest to a normalised 0, of each channel.</summary>
    public byte[] ZeroPoints { get; }

    /// <summary>The same as a number, 255 · mean.</summary>
    public double[] Zeros { get; }

    /// <summary>
    /// The grid of a preprocessing; null when its means leave no exact one: outside 0 to 1, a negative std, or just between two pixel values.
    /// </summary>
    public static PixelGrid? Of(PreprocessSpec spec)
    {
        double[] zeros = [.. spec.Mean.Select(mean => 255 * (double)mean)];
        bool exact = zeros.All(zero => zero is >= 0 and <= 255 && Math.Abs(Math.Abs(zero - Math.Round(zero)) - 0.5) > Margin)
            && spec.Std.All(std => std > 0);
        return exact
            ? new([.. spec.Std.Select(std => (float)(1 / (255 * (double)std)))], [.. zeros.Select(zero => (byte)Math.Round(zero))], zeros) : null;
    }
}

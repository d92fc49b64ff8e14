using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Pixels.Frames;

/// <summary>
/// Y, U, V to red, green, blue in fixed point: channel = clamp((Luma·Y + fromU·U + fromV·V + offset) >> <see cref="Precision"/>, 0, 255),
/// rounded to nearest by the offset, which also holds the zero points of Y and of U and V (128).
/// </summary>
/// <remarks>Coefficients are ITU-R BT.601-7's and BT.709-6's, rounded to 13 bits, so that each fits
/// int16; no result is off by more than one from the exact one.</remarks>
internal readonly struct YuvMatrix
{
    /// <summary>Fraction bits.</summary>
    public const int Precision = 13;

    private const int One = 1 << Precision, Half = One / 2, ChromaZero = 128;

    private YuvMatrix(double redShare, double blueShare, bool isFull)
    {
        double greenShare = 1 - redShare - blueShare;
        double luma = isFull ? 1 : 255.0 / 219, chroma = isFull ? 1 : 255.0 / 224;
        int lumaZero = isFull ? 0 : 16;
        Luma = Fixed(luma);
        RedFromV = Fixed(chroma * 2 * (1 - redShare));
        GreenFromU = Fixed(-chroma * 2 * (1 - blueShare) * blueShare / greenShare);
        GreenFromV = Fixed(-chroma * 2 * (1 - redShare) * redShare / greenShare);
        BlueFromU = Fixed(chroma * 2 * (1 - blueShare));
        int zero = Half - (Luma * lumaZero);
        Red = zero - (RedFromV * ChromaZero);
        Green = zero - ((GreenFromU + GreenFromV) * ChromaZero);
        Blue = zero - (BlueFromU * ChromaZero);
    }

    /// <summary>Weight of Y in every channel.</summary>
    public short Luma { get; }

    /// <summary>Weight of V in red.</summary>
    public short RedFromV { get; }

    /// <summary>Weight of U in green.</summary>
    public short GreenFromU { get; }

    /// <summary>Weight of V in green.</summary>
    public short GreenFromV { get; }

    /// <summary>Weight of U in blue.</summary>
    public short BlueFromU { get; }

    /// <summary>Offset of red.</summary>
    public int Red { get; }

    /// <summary>Offset of green.</summary>
    public int Green { get; }

    /// <summary>Offset of blue.</summary>
    public int Blue { get; }

    /// <summary>The matrix of a color space.</summary>
    public static YuvMatrix Of(YuvColor color) => color switch
    {
        YuvColor.Bt601Full => new YuvMatrix(0.299, 0.114, isFull: true),
        YuvColor.Bt709Limited => new YuvMatrix(0.2126, 0.0722, isFull: false),
        YuvColor.Bt709Full => new YuvMatrix(0.2126, 0.0722, isFull: true),
        _ => new YuvMatrix(0.299, 0.114, isFull: false),
    };

    private static short Fixed(double value) => (short)Math.Round(value * One);
}

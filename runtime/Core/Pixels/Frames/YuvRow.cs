namespace ResNetEdge.Pixels.Frames;

/// <summary>Where one row of pixels lies; the first is the left one of a pair.</summary>
/// <param name="order">How Y, U and V lie in memory.</param>
/// <param name="y">First Y, or first byte where all lie together.</param>
/// <param name="chroma">First byte of the pairs, or first U; unused where all lie together.</param>
/// <param name="v">First V; <see cref="YuvOrder.Planes"/> only.</param>
internal readonly unsafe struct YuvRow(YuvOrder order, byte* y, byte* chroma, byte* v)
{
    /// <summary>How the samples lie.</summary>
    public YuvOrder Order => order;

    /// <summary>First Y, or first byte where all lie together.</summary>
    public byte* Y => y;

    /// <summary>First byte of the pairs, or first U.</summary>
    public byte* Chroma => chroma;

    /// <summary>First V of a plane.</summary>
    public byte* V => v;

    /// <summary>The row from a pixel on.</summary>
    /// <param name="pixel">The first pixel, an even number.</param>
    public YuvRow From(int pixel) => order switch
    {
        YuvOrder.Yuyv or YuvOrder.Uyvy => new YuvRow(order, y + (2L * pixel), null, null),
        YuvOrder.Planes => new YuvRow(order, y + pixel, chroma + (pixel / 2), v + (pixel / 2)),
        _ => new YuvRow(order, y + pixel, chroma + pixel, null),
    };
}

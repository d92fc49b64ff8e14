namespace ResNetEdge.Pixels;

/// <summary>The picture formats that are read.</summary>
internal static class PixelFormats
{
    public static readonly PictureFormat[] All =
    [
        new Jpeg(),
        new Png(),
        new Bmp(),
        new Ppm(),
    ];

    /// <summary>The format that a file's first bytes show, or null.</summary>
    public static PictureFormat? Of(ReadOnlySpan<byte> coded)
    {
        foreach (PictureFormat format in All)
        {
            if (format.Begins(coded))
            {
                return format;
            }
        }

        return null;
    }
}

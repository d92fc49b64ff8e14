using ResNetEdge.Device.Native;

namespace ResNetEdge.Pixels;

/// <summary>
/// JPEG by libjpeg-turbo, baseline and progressive, 8 bits per sample: gray stays gray, YCbCr and RGB become RGB, CMYK and YCCK become RGB
/// as Pillow converts them. The same pixels as Pillow's on the same libjpeg-turbo. Scaled decoding is not used.
/// </summary>
internal sealed unsafe class Jpeg : PictureFormat
{
    /// <summary>
    /// Beginnings of the library's warnings that say nothing against the pixels; files of cameras and editors carry them. Everything else,
    /// above all a premature end, makes a picture damaged.
    /// </summary>
    private static readonly string[] HarmlessWarnings =
    [
        "Invalid SOS parameters for sequential JPEG",
        "Unknown Adobe color transform code",
        "Warning: unknown JFIF revision number",
    ];

    public override string Name => "JPEG";

    public override bool Begins(ReadOnlySpan<byte> coded) => coded.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    public override void Decode(string file, ReadOnlySpan<byte> coded, Picture into)
        => Decode(file, coded, into, TurboJpeg.Shared ?? throw Missing(file));

    /// <summary>What is said where the library is not installed.</summary>
    internal static EdgeException Missing(string file) => EdgeException.Unavailable(
        $"{file}: decoding JPEG needs {TurboJpeg.LibraryName}, which is not installed; "
            + $"install Debian's package {TurboJpeg.PackageName}, or use PNG, BMP or PPM");

    private static void Decode(string file, ReadOnlySpan<byte> coded, Picture into, TurboJpeg library)
    {
        void* decompressor = library.InitDecompress();
        try
        {
            if (!library.DecompressHeader(decompressor, coded, out int width, out int height, out TurboJpegColor color)
                && !IsHarmless(library, decompressor))
            {
                throw Damaged(file, Words(library, decompressor));
            }

            into.Reset(file, width, height, color == TurboJpegColor.Gray ? 1 : 3);
            switch (color)
            {
                case TurboJpegColor.Gray:
                    Decompress(file, coded, library, decompressor, into.Data, into, TurboJpegPixel.Gray, channels: 1);
                    break;
                case TurboJpegColor.Rgb or TurboJpegColor.YCbCr:
                    Decompress(file, coded, library, decompressor, into.Data, into, TurboJpegPixel.Rgb, channels: 3);
                    break;
                case TurboJpegColor.Cmyk or TurboJpegColor.Ycck:
                    using (var ink = new NativeBuffer())
                    {
                        byte* inks = ink.Reserve(4L * width * height);
                        Decompress(file, coded, library, decompressor, inks, into, TurboJpegPixel.Cmyk, channels: 4);
                        InkToRgb(inks, into);
                    }

                    break;
                default:
                    throw EdgeException.BadInput($"{file}: a JPEG of color space {(int)color}; gray, YCbCr, RGB, CMYK and YCCK are supported");
            }
        }
        finally
        {
            library.Destroy(decompressor);
        }
    }

    private static void Decompress(
        string file, ReadOnlySpan<byte> coded, TurboJpeg library, void* decompressor, byte* pixels, Picture size, TurboJpegPixel format, int channels)
    {
        if (Decompress(coded, library, decompressor, pixels, (size.Width, size.Height, size.Width * channels), format) is { } fault)
            throw Damaged(file, fault);
    }

    /// <summary>
    /// Ends at the first warning. After a harmless one the rest is decoded all the same, and because the library words only its first warning,
    /// the end of the picture is then looked for here; other damage behind a harmless warning goes unseen, as in Pillow.
    /// </summary>
    /// <returns>Null, or what is wrong.</returns>
    internal static string? Decompress(
        ReadOnlySpan<byte> coded, TurboJpeg library, void* decompressor, byte* pixels, (int Width, int Height, int Stride) size,
        TurboJpegPixel format)
    {
        if (library.Decompress(decompressor, coded, pixels, size.Width, size.Stride, size.Height, format, stopOnWarning: true))
        {
            return null;
        }

        if (!IsHarmless(library, decompressor)
            || (!library.Decompress(decompressor, coded, pixels, size.Width, size.Stride, size.Height, format, stopOnWarning: false)
                && !IsHarmless(library, decompressor)))
        {
            return Words(library, decompressor);
        }

        return coded.LastIndexOf<byte>([0xFF, 0xD9]) < coded.LastIndexOf<byte>([0xFF, 0xDA]) ? "truncated; it has no end after its pixels" : null;
    }

    /// <summary>The library's words for what was wrong last.</summary>
    internal static string Words(TurboJpeg library, void* decompressor) => $"libjpeg-turbo: {library.ErrorText(decompressor)}";

    /// <summary>Whether the last call met nothing that says anything against the pixels.</summary>
    internal static bool IsHarmless(TurboJpeg library, void* decompressor)
    {
        if (!library.IsWarning(decompressor))
        {
            return false;
        }

        string warning = library.ErrorText(decompressor);
        return HarmlessWarnings.Any(known => warning.StartsWith(known, StringComparison.Ordinal)) || IsPadding(warning);
    }

    /// <summary>
    /// Bytes between the parts of a file, which some cameras leave. Before a restart marker (0xd0 to 0xd7) they are pixels that went astray.
    /// </summary>
    private static bool IsPadding(string warning)
    {
        const string Words = "extraneous bytes before marker 0x";
        int at = warning.IndexOf(Words, StringComparison.Ordinal);
        return at >= 0 && (warning[(at + Words.Length)..] is not ['d', >= '0' and <= '7', ..]);
    }

    private static EdgeException Damaged(string file, string fault) =>
        EdgeException.BadInput($"{file}: a JPEG that is damaged or of an unsupported kind ({fault})");

    /// <summary>
    /// Inverted CMYK, as Adobe and everyone after wrote it, to RGB: channel = 255 − black − ink·(255 − black)/255, as Pillow rounds it.
    /// </summary>
    private static void InkToRgb(byte* inks, Picture into)
    {
        Span<byte> pixels = into.Pixels;
        for (int i = 0; i < into.Width * into.Height; i++)
        {
            int white = inks[(4 * i) + 3]; // 255 - black
            for (int c = 0; c < 3; c++)
            {
                int ink = 255 - inks[(4 * i) + c];
                int product = (ink * white) + 128;
                pixels[(3 * i) + c] = (byte)(white - (((product >> 8) + product) >> 8));
            }
        }
    }
}

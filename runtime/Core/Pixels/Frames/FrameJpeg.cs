using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Pixels.Frames;

/// <summary>
/// Decodes a camera's JPEGs, at a half, a quarter or an eighth of their size where that still has all the pixels that are needed. The decoder
/// is made once; a damaged frame costs a sentence and no exception. Whole size: the same pixels as <see cref="Jpeg"/> makes of a file.
/// </summary>
internal sealed unsafe class FrameJpeg : IDisposable
{
    /// <summary>Greatest number by which a picture is reduced while it is decoded; half and a quarter of it are the others.</summary>
    public const int MostReduction = 8;

    private static readonly int[] Divisors = [MostReduction, 4, 2];

    private readonly TurboJpeg _library;
    private void* _decompressor;

    /// <summary>Makes a decoder for frames.</summary>
    /// <exception cref="EdgeException">Exit 5: the library is not installed.</exception>
    public FrameJpeg()
    {
        _library = TurboJpeg.Shared ?? throw Jpeg.Missing("a camera's frame");
        _decompressor = _library.InitDecompress();
    }

    /// <summary>Decodes a frame.</summary>
    /// <param name="coded">A JPEG; whatever trails its end is not looked at.</param>
    /// <param name="needs">From the whole size, how many pixels are needed of it; a reduced picture has no fewer.</param>
    /// <param name="into">Receives gray or RGB.</param>
    /// <returns>Null, or why it cannot be decoded.</returns>
    public string? Decode(ReadOnlySpan<byte> coded, Func<int, int, (int Width, int Height)> needs, Picture into)
    {
        string? fault = TryDecode(coded, needs, into);
        if (fault == null) return null;
        _library.Destroy(_decompressor); // what a damaged frame leaves behind in it spoils the next one
        _decompressor = null;
        _decompressor = _library.InitDecompress();
        return fault;
    }

    /// <summary>Size of a JPEG by its head; nothing is decoded.</summary>
    public bool TryReadSize(ReadOnlySpan<byte> coded, out int width, out int height)
    {
        ObjectDisposedException.ThrowIf(_decompressor == null, this);
        return _library.DecompressHeader(_decompressor, coded, out width, out height, out _) && width > 0 && height > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_decompressor != null) _library.Destroy(_decompressor);
        _decompressor = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what its owner forgot.</summary>
    ~FrameJpeg() => Dispose();

    private string? TryDecode(ReadOnlySpan<byte> coded, Func<int, int, (int Width, int Height)> needs, Picture into)
    {
        ObjectDisposedException.ThrowIf(_decompressor == null, this);
        if (!_library.DecompressHeader(_decompressor, coded, out int width, out int height, out var color)
            && !Jpeg.IsHarmless(_library, _decompressor))
            return Jpeg.Words(_library, _decompressor);
        if (width < 1 || height < 1 || width > FrameLayout.MaxSide || height > FrameLayout.MaxSide || (long)width * height > Picture.MaxPixels)
            return $"it claims {width}x{height} pixels";
        if (color is TurboJpegColor.Cmyk or TurboJpegColor.Ycck) return "it is a CMYK picture";
        var (leastWidth, leastHeight) = needs(width, height);
        foreach (int divisor in Divisors)
        {
            int reducedWidth = (width + divisor - 1) / divisor, reducedHeight = (height + divisor - 1) / divisor;
            if (reducedWidth < leastWidth || reducedHeight < leastHeight) continue;
            (width, height) = (reducedWidth, reducedHeight);
            break;
        }

        bool isGray = color == TurboJpegColor.Gray;
        into.Reset("a camera's frame", width, height, isGray ? 1 : 3);
        return Jpeg.Decompress(
            coded, _library, _decompressor, into.Data, (width, height, into.Stride), isGray ? TurboJpegPixel.Gray : TurboJpegPixel.Rgb);
    }
}

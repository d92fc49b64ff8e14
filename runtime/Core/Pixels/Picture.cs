namespace ResNetEdge.Pixels;

/// <summary>
/// A decoded picture: u8, gray or RGB, interleaved, rows from the top. Its memory is native and used again by the next picture,
/// so that a folder of pictures costs no managed allocation per picture. Not thread-safe.
/// </summary>
internal sealed unsafe class Picture : IDisposable
{
    /// <summary>Longest side that is decoded, in pixels.</summary>
    public const int MaxSide = 32_767;

    /// <summary>Most pixels that are decoded (64 Mi, 192 MiB as RGB). A larger claim is refused before memory is taken.</summary>
    public const int MaxPixels = 64 << 20;

    private readonly NativeBuffer _buffer = new();

    /// <summary>In pixels; 0 before the first picture.</summary>
    public int Width { get; private set; }

    /// <summary>In pixels; 0 before the first picture.</summary>
    public int Height { get; private set; }

    /// <summary>1 (gray) or 3 (red, green, blue).</summary>
    public int Channels { get; private set; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => Width * Channels;

    /// <summary>[Height][Width][Channels]; <see cref="NativeBuffer.Slack"/> meaningless bytes after the end may be read.</summary>
    public byte* Data => _buffer.Data;

    /// <summary>All pixels, [Height][Width][Channels].</summary>
    public Span<byte> Pixels => new(Data, Height * Stride);

    /// <summary>One row of pixels, [Width][Channels].</summary>
    public Span<byte> Row(int y) => Pixels.Slice(y * Stride, Stride);

    /// <summary>Makes room for a picture of another size. The pixels hold anything until they are written.</summary>
    /// <param name="file">Named in the refusal.</param>
    /// <param name="width">In pixels, as the file claims.</param>
    /// <param name="height">In pixels, as the file claims.</param>
    /// <param name="channels">1 or 3.</param>
    /// <exception cref="EdgeException">Exit 3: empty, or larger than <see cref="MaxSide"/> or <see cref="MaxPixels"/>.</exception>
    public void Reset(string file, long width, long height, int channels)
    {
        CheckSize(file, width, height);
        _ = _buffer.Reserve(width * height * channels);
        (Width, Height, Channels) = ((int)width, (int)height, channels);
    }

    /// <summary>Refuses a claim that <see cref="Reset"/> would refuse, before a format looks any further.</summary>
    /// <exception cref="EdgeException">Exit 3: empty, or larger than <see cref="MaxSide"/> or <see cref="MaxPixels"/>.</exception>
    public static void CheckSize(string file, long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw EdgeException.BadInput($"{file}: the picture claims {width}x{height} pixels, but neither side may be 0");
        }

        if (width > MaxSide || height > MaxSide || width * height > MaxPixels)
        {
            throw EdgeException.BadInput(
                $"{file}: the picture claims {width}x{height} pixels; "
                    + $"at most {MaxSide} per side and {MaxPixels >> 20} Mi pixels are supported, so make it smaller");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}

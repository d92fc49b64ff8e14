using System.Buffers.Binary;

namespace ResNetEdge.Pixels;

/// <summary>What a PNG file's IHDR says.</summary>
internal readonly record struct PngHeader
{
    private const int Bytes = 13;

    public required long Width { get; init; }

    public required long Height { get; init; }

    /// <summary>Bits per sample, or per palette index: 1, 2, 4, 8 or 16.</summary>
    public required int Depth { get; init; }

    public required PngColor Color { get; init; }

    /// <summary>Whether the rows come in the seven passes of Adam7.</summary>
    public required bool IsInterlaced { get; init; }

    /// <summary>Coded samples per pixel, with alpha.</summary>
    public int Samples => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GrayAlpha => 2,
        PngColor.Rgba => 4,
        _ => 1,
    };

    /// <summary>Channels of the decoded picture: alpha is dropped, a palette is looked up.</summary>
    public int Channels => Color is PngColor.Gray or PngColor.GrayAlpha ? 1 : 3;

    /// <summary>Coded bytes of a row of <paramref name="width"/> pixels, without the filter byte.</summary>
    public int RowBytes(int width) => (int)((((long)width * Samples * Depth) + 7) / 8);

    /// <summary>Bytes between a sample and the one that the filters compare it with.</summary>
    public int FilterDistance => Math.Max(1, Samples * Depth / 8);

    /// <summary>Reads the first chunk.</summary>
    /// <exception cref="EdgeException">Exit 3: another chunk, or values that PNG does not have.</exception>
    public static PngHeader Parse(string file, PngChunk chunk)
    {
        if (!chunk.Is("IHDR"u8) || chunk.Data.Length != Bytes)
        {
            throw EdgeException.BadInput($"{file}: a damaged PNG; it does not begin with its header");
        }

        ReadOnlySpan<byte> data = chunk.Data;
        int depth = data[8];
        int color = data[9];
        bool known = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!known || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw EdgeException.BadInput(
                $"{file}: a PNG of color type {color}, {depth} bits, compression {data[10]}, filter {data[11]}, "
                    + $"interlace {data[12]}: PNG has no such combination");
        }

        return new PngHeader
        {
            Width = BinaryPrimitives.ReadUInt32BigEndian(data),
            Height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            Depth = depth,
            Color = (PngColor)color,
            IsInterlaced = data[12] == 1,
        };
    }
}

/// <summary>PNG's color types.</summary>
internal enum PngColor
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}

using System.Buffers.Binary;

namespace ResNetEdge.Pixels;

/// <summary>
/// Windows bitmap, uncompressed: 8 bits with a palette, 24 bits, 32 bits (the fourth byte is dropped); bottom-up or top-down. Becomes RGB.
/// </summary>
/// <remarks>Source: Microsoft's pages on BITMAPFILEHEADER and BITMAPINFOHEADER.</remarks>
internal sealed class Bmp : PictureFormat
{
    private const int FileHeaderBytes = 14;
    private const int CoreHeaderBytes = 12;
    private const int InfoHeaderBytes = 40;
    private const int Uncompressed = 0;
    private const int BitFields = 3;

    public override string Name => "BMP";

    public override bool Begins(ReadOnlySpan<byte> coded) => coded.StartsWith("BM"u8);

    public override void Decode(string file, ReadOnlySpan<byte> coded, Picture into)
    {
        if (coded.Length < FileHeaderBytes + InfoHeaderBytes)
        {
            throw Truncated(file);
        }

        uint pixelsAt = BinaryPrimitives.ReadUInt32LittleEndian(coded[10..]);
        uint headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(coded[14..]);
        if (headerBytes == CoreHeaderBytes || headerBytes < InfoHeaderBytes || headerBytes > 1024)
        {
            throw EdgeException.BadInput(
                $"{file}: a BMP header of {headerBytes} bytes; {InfoHeaderBytes} or more (Windows 3 and later) are supported");
        }

        int width = BinaryPrimitives.ReadInt32LittleEndian(coded[18..]);
        int signedHeight = BinaryPrimitives.ReadInt32LittleEndian(coded[22..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(coded[28..]);
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(coded[30..]);
        bool readable = compression == Uncompressed ? bits is 8 or 24 or 32 : compression == BitFields && bits == 32 && HasUsualMasks(coded);
        if (!readable)
        {
            throw EdgeException.BadInput($"{file}: a BMP of {bits} bits, compression {compression}; uncompressed 8, 24 and 32 bits are supported");
        }

        bool topDown = signedHeight < 0;
        long height = Math.Abs((long)signedHeight);
        long rowBytes = (((long)width * bits) + 31) / 32 * 4;
        Picture.CheckSize(file, width, height);
        if (pixelsAt + (rowBytes * height) > coded.Length)
        {
            throw Truncated(file);
        }

        into.Reset(file, width, height, 3);
        ReadOnlySpan<byte> palette = bits == 8 ? Palette(file, coded, headerBytes) : default; // [colors][blue, green, red, 0]
        for (int y = 0; y < into.Height; y++)
        {
            int line = topDown ? y : into.Height - 1 - y;
            ReadOnlySpan<byte> from = coded.Slice((int)(pixelsAt + (line * rowBytes)), (int)rowBytes);
            if (bits == 8)
            {
                ReadIndexedRow(file, from, palette, into.Row(y));
            }
            else
            {
                ReadColorRow(from, bits / 8, into.Row(y));
            }
        }
    }

    private static EdgeException Truncated(string file) => EdgeException.BadInput($"{file}: a truncated BMP; it ends before its last pixel");

    /// <summary>
    /// Blue, green, red from the lowest byte, wherever the masks stand (after a 40 byte header or inside a longer one: the same place).
    /// </summary>
    private static bool HasUsualMasks(ReadOnlySpan<byte> coded)
        => coded.Length >= 66
            && BinaryPrimitives.ReadUInt32LittleEndian(coded[54..]) == 0x00FF0000
            && BinaryPrimitives.ReadUInt32LittleEndian(coded[58..]) == 0x0000FF00
            && BinaryPrimitives.ReadUInt32LittleEndian(coded[62..]) == 0x000000FF;

    private static ReadOnlySpan<byte> Palette(string file, ReadOnlySpan<byte> coded, uint headerBytes)
    {
        uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(coded[46..]);
        long colors = claimed == 0 ? 256 : claimed;
        long start = FileHeaderBytes + headerBytes;
        return colors <= 256 && start + (4 * colors) <= coded.Length
            ? coded.Slice((int)start, (int)(4 * colors))
            : throw EdgeException.BadInput($"{file}: a BMP whose palette of {colors} colors does not fit; at most 256 are supported");
    }

    private static void ReadIndexedRow(string file, ReadOnlySpan<byte> from, ReadOnlySpan<byte> palette, Span<byte> row)
    {
        for (int x = 0; x < row.Length / 3; x++)
        {
            int entry = 4 * from[x];
            if (entry >= palette.Length)
            {
                throw EdgeException.BadInput($"{file}: a damaged BMP; a pixel refers to color {from[x]} of {palette.Length / 4}");
            }

            row[3 * x] = palette[entry + 2];
            row[(3 * x) + 1] = palette[entry + 1];
            row[(3 * x) + 2] = palette[entry];
        }
    }

    private static void ReadColorRow(ReadOnlySpan<byte> from, int bytesPerPixel, Span<byte> row)
    {
        for (int x = 0, at = 0; x < row.Length; x += 3, at += bytesPerPixel)
        {
            row[x] = from[at + 2];
            row[x + 1] = from[at + 1];
            row[x + 2] = from[at];
        }
    }
}

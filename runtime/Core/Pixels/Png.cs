using System.Buffers;
using System.IO.Compression;

namespace ResNetEdge.Pixels;

/// <summary>
/// PNG, every color type, depth and interlace. Gray stays gray, everything else becomes RGB; alpha and tRNS are dropped, as by Pillow's
/// convert('RGB'); of 16 bits the upper 8 are kept, as Pillow does for color (its 16 bit gray is clipped instead, which loses the picture).
/// Gamma and color profiles are not applied.
/// </summary>
/// <remarks>
/// Source: Portable Network Graphics Specification (Third Edition). Rows are inflated one by one, so that no more than the header's claim is
/// ever produced. Inflating costs a few small managed objects per picture, the zlib stream of the base library.
/// </remarks>
internal sealed class Png : PictureFormat
{
    /// <summary>Bytes before the first chunk.</summary>
    public const int SignatureBytes = 8;

    /// <summary>Adam7: first column, first row, column step, row step of each pass.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] OnePass = [(0, 0, 1, 1)];

    public override string Name => "PNG";

    public override bool Begins(ReadOnlySpan<byte> coded) => coded.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    public override unsafe void Decode(string file, ReadOnlySpan<byte> coded, Picture into)
    {
        var chunks = new PngChunks(file, coded);
        PngHeader header = PngHeader.Parse(file, chunks.Next());
        (int firstData, int dataChunks, ReadOnlySpan<byte> palette) = Walk(file, coded, ref chunks, header);
        into.Reset(file, header.Width, header.Height, header.Channels);
        fixed (byte* start = coded)
        {
            using var inflated = new ZLibStream(new PngDataStream(start + firstData, dataChunks), CompressionMode.Decompress);
            try
            {
                ReadRows(file, header, inflated, palette, into);
            }
            catch (InvalidDataException problem)
            {
                throw EdgeException.BadInput($"{file}: a damaged PNG; its compressed pixels cannot be read ({problem.Message})", problem);
            }
            catch (EndOfStreamException problem)
            {
                throw EdgeException.BadInput($"{file}: a damaged PNG; its compressed pixels end too early", problem);
            }
        }
    }

    /// <summary>Checks every chunk up to the end of the file's picture; finds the compressed data and the palette.</summary>
    private static PngParts Walk(string file, ReadOnlySpan<byte> coded, ref PngChunks chunks, PngHeader header)
    {
        int firstData = 0;
        int dataChunks = 0;
        int paletteAt = 0;
        int paletteBytes = 0;
        bool dataEnded = false;
        while (true)
        {
            int at = chunks.At;
            PngChunk chunk = chunks.Next();
            if (chunk.Is("IEND"u8))
            {
                break;
            }

            if (chunk.Is("IDAT"u8))
            {
                Demand(!dataEnded, file, "its pixels are in two places");
                firstData = dataChunks == 0 ? at : firstData;
                dataChunks++;
                continue;
            }

            dataEnded = dataChunks > 0;
            if (chunk.Is("PLTE"u8))
            {
                Demand(paletteBytes == 0 && !dataEnded && chunk.Data.Length is > 0 and <= 768 && chunk.Data.Length % 3 == 0, file,
                    "its palette is wrong");
                (paletteAt, paletteBytes) = (at + 8, chunk.Data.Length);
            }
            else if (chunk.IsCritical)
            {
                throw EdgeException.BadInput($"{file}: a PNG with an unknown critical chunk at byte {at}");
            }
        }

        Demand(dataChunks > 0, file, "it contains no pixels");
        Demand(header.Color != PngColor.Palette || paletteBytes > 0, file, "its palette is missing");
        return new PngParts(firstData, dataChunks, coded.Slice(paletteAt, paletteBytes));
    }

    private static void ReadRows(string file, PngHeader header, ZLibStream inflated, ReadOnlySpan<byte> palette, Picture into)
    {
        int longest = header.RowBytes(into.Width) + 1; // with the filter byte
        byte[] rented = ArrayPool<byte>.Shared.Rent(2 * longest);
        try
        {
            foreach ((int firstX, int firstY, int stepX, int stepY) in header.IsInterlaced ? Adam7 : OnePass)
            {
                int pixels = (into.Width - firstX + stepX - 1) / stepX;
                int rowBytes = header.RowBytes(pixels);
                Span<byte> row = rented.AsSpan(0, rowBytes + 1);
                Span<byte> above = rented.AsSpan(longest, rowBytes + 1);
                above.Clear();
                for (int y = firstY; y < into.Height && pixels > 0; y += stepY)
                {
                    inflated.ReadExactly(row);
                    Demand(PngRows.Unfilter(row[0], row[1..], above[1..], header.FilterDistance), file, "a row has an unknown filter");
                    Span<byte> to = into.Row(y)[(firstX * into.Channels)..];
                    bool known = PngRows.Expand(header, row[1..], palette, pixels, to, stepX * into.Channels);
                    Demand(known, file, "a pixel refers to a color outside the palette");
                    Span<byte> done = row;
                    row = above;
                    above = done;
                }
            }

            // One byte more makes zlib compare its checksum; what a file holds beyond its picture does no harm.
            _ = inflated.Read(rented, 0, 1);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void Demand(bool holds, string file, string otherwise)
    {
        if (!holds)
        {
            throw EdgeException.BadInput($"{file}: a damaged PNG; {otherwise}");
        }
    }

    /// <summary>Where the pixels are.</summary>
    private readonly ref struct PngParts(int firstData, int dataChunks, ReadOnlySpan<byte> palette)
    {
        private readonly ReadOnlySpan<byte> _palette = palette;

        public void Deconstruct(out int first, out int chunks, out ReadOnlySpan<byte> colors)
        {
            (first, chunks) = (firstData, dataChunks);
            colors = _palette;
        }
    }
}

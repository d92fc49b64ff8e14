using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ResNetEdge.Tests.Data;

/// <summary>Writes PNG files of every kind, good and bad, from samples.</summary>
internal static class PngMaker
{
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>A whole file.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="color">PNG's color type.</param>
    /// <param name="depth">Bits per sample.</param>
    /// <param name="samples">[height][width][samples per pixel].</param>
    /// <param name="palette">[colors][3] or empty.</param>
    /// <param name="interlaced">Adam7.</param>
    /// <param name="filter">Filter of row y, 0 to 4.</param>
    public static byte[] Make(
        int width, int height, int color, int depth, int[] samples, byte[]? palette = null, bool interlaced = false, Func<int, int>? filter = null)
    {
        int perPixel = color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        using var plain = new MemoryStream();
        foreach ((int x0, int y0, int dx, int dy) in interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            byte[]? above = null;
            for (int y = y0; y < height && x0 < width; y += dy)
            {
                byte[] row = Pack(samples, width, y, x0, dx, perPixel, depth);
                plain.Write(Filter(filter?.Invoke(y) ?? 0, row, above ?? new byte[row.Length], Math.Max(1, perPixel * depth / 8)));
                above = row;
            }
        }

        return File(width, height, color, depth, interlaced, Zlib(plain.ToArray()), palette);
    }

    /// <summary>A whole file around compressed rows, in two IDAT chunks.</summary>
    public static byte[] File(uint width, uint height, int color, int depth, bool interlaced, byte[] data, byte[]? palette = null)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)color, (byte)(interlaced ? 1 : 0));
        int half = data.Length / 2;
        return
        [
            .. Signature, .. Chunk("IHDR", header), .. Chunk("tEXt", "Comment\0for tests"u8), .. palette is null ? [] : Chunk("PLTE", palette),
            .. Chunk("IDAT", data.AsSpan(0, half)), .. Chunk("IDAT", data.AsSpan(half)), .. Chunk("IEND", []),
        ];
    }

    /// <inheritdoc cref="File(uint, uint, int, int, bool, byte[], byte[])"/>
    public static byte[] File(int width, int height, int color, int depth, bool interlaced, byte[] data, byte[]? palette = null)
        => File((uint)width, (uint)height, color, depth, interlaced, data, palette);

    /// <summary>Length, type, data, checksum.</summary>
    public static byte[] Chunk(string type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        _ = Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    public static byte[] Zlib(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            zlib.Write(plain);
        }

        return packed.ToArray();
    }

    private static byte[] Pack(int[] samples, int width, int y, int x0, int dx, int perPixel, int depth)
    {
        var bits = new List<bool>();
        for (int x = x0; x < width; x += dx)
        {
            for (int s = 0; s < perPixel; s++)
            {
                int sample = samples[(((y * width) + x) * perPixel) + s];
                for (int bit = depth - 1; bit >= 0; bit--)
                {
                    bits.Add(((sample >> bit) & 1) != 0);
                }
            }
        }

        byte[] row = new byte[(bits.Count + 7) / 8];
        for (int i = 0; i < bits.Count; i++)
        {
            row[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return row;
    }

    private static byte[] Filter(int filter, byte[] row, byte[] above, int distance)
    {
        byte[] filtered = new byte[row.Length + 1];
        filtered[0] = (byte)filter;
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance];
            int b = above[i];
            int c = i < distance ? 0 : above[i - distance];
            int p = a + b - c;
            int nearest = new[] { a, b, c }.MinBy(v => Math.Abs(p - v)); // the first of equals, as the order of Paeth wants
            filtered[i + 1] = (byte)(row[i] - (filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => nearest, _ => 0 }));
        }

        return filtered;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}

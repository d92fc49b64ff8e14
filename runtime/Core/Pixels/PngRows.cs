namespace ResNetEdge.Pixels;

/// <summary>What is done to one inflated row of a PNG: undo its filter, then turn its samples into pixels.</summary>
/// <remarks>Source: Portable Network Graphics Specification (Third Edition), sections 9 (filtering) and 13.12 (sample depth).</remarks>
internal static class PngRows
{
    /// <summary>Undoes a row's filter in place.</summary>
    /// <param name="filter">0 none, 1 sub, 2 up, 3 average, 4 Paeth.</param>
    /// <param name="row">Filtered bytes in, plain bytes out.</param>
    /// <param name="above">The plain row above of the same pass; zeros above the first.</param>
    /// <param name="distance">Bytes to the corresponding byte of the pixel to the left.</param>
    /// <returns>False for a filter that PNG does not have.</returns>
    public static bool Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = distance; i < row.Length; i++)
                {
                    row[i] += row[i - distance];
                }

                return true;
            case 2:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                return true;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < distance ? 0 : row[i - distance];
                    row[i] += (byte)((left + above[i]) >> 1);
                }

                return true;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += i < distance ? above[i] : Paeth(row[i - distance], above[i], above[i - distance]);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes a plain row's pixels. Alpha is dropped, of 16 bits the upper 8 stay, 1, 2 and 4 bits of gray are spread over 0..255.</summary>
    /// <param name="header">Kind of the samples.</param>
    /// <param name="row">The plain row.</param>
    /// <param name="palette">[colors][3], for <see cref="PngColor.Palette"/>.</param>
    /// <param name="pixels">Number of pixels in the row.</param>
    /// <param name="into">First byte of the first pixel.</param>
    /// <param name="step">Bytes from one written pixel to the next: more than the channels in an interlaced pass.</param>
    /// <returns>False when a pixel refers to a color outside the palette.</returns>
    public static bool Expand(PngHeader header, ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, int pixels, Span<byte> into, int step)
    {
        if (header.Depth < 8)
        {
            return ExpandBits(header, row, palette, pixels, into, step);
        }

        int sampleBytes = header.Depth / 8;
        int coded = header.Samples * sampleBytes;
        if (header.Color == PngColor.Palette)
        {
            for (int x = 0; x < pixels; x++)
            {
                if (row[x] * 3 >= palette.Length)
                {
                    return false;
                }

                palette.Slice(row[x] * 3, 3).CopyTo(into[(x * step)..]);
            }
        }
        else if (header.Channels == 1)
        {
            for (int x = 0; x < pixels; x++)
            {
                into[x * step] = row[x * coded];
            }
        }
        else
        {
            for (int x = 0, from = 0, to = 0; x < pixels; x++, from += coded, to += step)
            {
                into[to] = row[from];
                into[to + 1] = row[from + sampleBytes];
                into[to + 2] = row[from + (2 * sampleBytes)];
            }
        }

        return true;
    }

    private static bool ExpandBits(PngHeader header, ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, int pixels, Span<byte> into, int step)
    {
        int depth = header.Depth;
        int largest = (1 << depth) - 1;
        int spread = 255 / largest;
        for (int x = 0; x < pixels; x++)
        {
            int bit = x * depth;
            int sample = (row[bit >> 3] >> (8 - depth - (bit & 7))) & largest;
            if (header.Color == PngColor.Gray)
            {
                into[x * step] = (byte)(sample * spread);
            }
            else if (sample * 3 >= palette.Length)
            {
                return false;
            }
            else
            {
                palette.Slice(sample * 3, 3).CopyTo(into[(x * step)..]);
            }
        }

        return true;
    }

    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft);
        int toAbove = Math.Abs(left - aboveLeft);
        int toAboveLeft = Math.Abs(left + above - (2 * aboveLeft));
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }
}

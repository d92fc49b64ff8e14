namespace ResNetEdge.Service.Outputs.Parts;

/// <summary>A picture of one bit a dot, in the order of the displays: a page is eight rows, a byte is eight dots, the topmost in its lowest
/// bit.</summary>
/// <param name="width">In dots.</param>
/// <param name="height">In dots, a multiple of eight.</param>
internal sealed class Canvas(int width, int height)
{
    /// <summary>Rows of a page.</summary>
    public const int PageRows = 8;

    /// <summary>Dots from one character to the next.</summary>
    public const int Advance = Font5x7.Width + 1;

    private readonly byte[] _bytes = new byte[width * height / PageRows];

    /// <summary>In dots.</summary>
    public int Width => width;

    /// <summary>In dots.</summary>
    public int Height => height;

    /// <summary>[height / 8][width].</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Makes every dot dark.</summary>
    public void Clear() => Array.Clear(_bytes);

    /// <summary>Lights a dot; one outside is left out.</summary>
    public void Set(int x, int y)
    {
        if ((uint)x < (uint)width && (uint)y < (uint)height) _bytes[(y / PageRows * width) + x] |= (byte)(1 << (y % PageRows));
    }

    /// <summary>Writes text; characters that do not fit into the width as a whole are left out.</summary>
    /// <param name="text">Its ASCII is drawn.</param>
    /// <param name="left">Of its first column.</param>
    /// <param name="y">Of its topmost row.</param>
    /// <param name="scale">Dots for a dot of the font.</param>
    public void Write(string text, int left, int y, int scale)
    {
        for (int i = 0; i < text.Length && left + (i * Advance + Font5x7.Width) * scale <= width; i++)
        {
            for (int dot = 0; dot < Font5x7.Width * Font5x7.Height * scale * scale; dot++)
            {
                int x = dot % (Font5x7.Width * scale), down = dot / (Font5x7.Width * scale);
                if ((Font5x7.Column(text[i], x / scale) >> (down / scale) & 1) != 0) Set(left + (i * Advance * scale) + x, y + down);
            }
        }
    }

    /// <summary>Draws a frame that is filled from the left.</summary>
    /// <param name="left">Of the frame.</param>
    /// <param name="y">Of its topmost row.</param>
    /// <param name="length">Of the frame.</param>
    /// <param name="rows">Of the frame, its own included.</param>
    /// <param name="share">That is filled, 0 to 1.</param>
    public void Bar(int left, int y, int length, int rows, double share)
    {
        int filled = (int)Math.Round(Math.Clamp(share, 0, 1) * length);
        for (int x = 0; x < length; x++)
        {
            for (int row = 0; row < rows; row++)
            {
                if (x < filled || x == length - 1 || x == 0 || row == 0 || row == rows - 1) Set(left + x, y + row);
            }
        }
    }
}

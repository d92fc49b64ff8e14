namespace ResNetEdge.Device.Cameras;

/// <summary>
/// The line that parts the frames of a multipart stream, learnt from the stream itself: for servers whose JPEGs lack their end marker, which leaves
/// that line as the only sign of a frame's end.
/// </summary>
/// <remarks>Source: RFC 2046, 5.1.1: a line of two hyphens and at most 70 characters, headers, an empty line.</remarks>
internal sealed class PartDelimiter
{
    private const int Longest = 72, Shortest = 3, LongestHead = 1024; // bytes
    private byte[] _line = []; // LF and the delimiter; empty: not known

    /// <summary>Forgets what another stream had.</summary>
    public void Forget() => _line = [];

    /// <summary>Where a frame ends that the head of the next part was taken for pixels of; learns the delimiter from it.</summary>
    /// <param name="bytes">Up to the beginning of the next frame.</param>
    /// <returns>Length of the frame; -1 when no head of a part stands there.</returns>
    public int LearnFrom(ReadOnlySpan<byte> bytes)
    {
        int text = bytes.Length;
        while (text > 0 && bytes.Length - text < LongestHead
            && bytes[text - 1] is (>= (byte)' ' and <= (byte)'~') or (byte)'\r' or (byte)'\n' or (byte)'\t')
            text--;
        var head = bytes[text..];
        if (!head.EndsWith("\n\r\n"u8) && !head.EndsWith("\n\n"u8)) return -1;
        int begin = head.LastIndexOf("\n--"u8);
        if (begin < 0) return -1;
        var line = head[(begin + 1)..];
        line = line[..line.IndexOf((byte)'\n')].TrimEnd((byte)'\r');
        if (line.Length is < Shortest or > Longest) return -1;
        _line = [(byte)'\n', .. line];
        return End(bytes, text + begin);
    }

    /// <summary>Where a frame ends, by the delimiter that is known.</summary>
    /// <param name="bytes">Of the frame so far.</param>
    /// <param name="looked">So many of them were there at the last look.</param>
    /// <returns>Length of the frame; -1 when the delimiter has not come.</returns>
    public int Find(ReadOnlySpan<byte> bytes, int looked)
    {
        if (_line.Length == 0) return -1;
        int from = Math.Max(0, looked - _line.Length);
        int at = bytes[from..].IndexOf(_line);
        return at < 0 ? -1 : End(bytes, from + at);
    }

    // The end of the line before belongs to the delimiter.
    private static int End(ReadOnlySpan<byte> bytes, int lineFeed) => lineFeed > 0 && bytes[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
}

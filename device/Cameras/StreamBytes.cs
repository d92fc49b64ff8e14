namespace ResNetEdge.Device.Cameras;

/// <summary>A stream read in pieces, of which the bytes ahead can be looked at.</summary>
internal sealed class StreamBytes(Stream stream)
{
    private const int PieceBytes = 64 << 10;

    private readonly byte[] _piece = new byte[PieceBytes];
    private int _start, _end;

    /// <summary>Bytes that were read and not yet taken; asks the stream for more when there are none. Empty at its end.</summary>
    public ReadOnlySpan<byte> Ahead()
    {
        if (_start == _end) (_start, _end) = (0, stream.Read(_piece, 0, PieceBytes));
        return _piece.AsSpan(_start, _end - _start);
    }

    /// <summary>Passes over bytes that were looked at.</summary>
    public void Skip(int bytes) => _start += bytes;

    /// <summary>Takes one byte; −1 at the end.</summary>
    public int Take()
    {
        if (Ahead().IsEmpty) return -1;
        return _piece[_start++];
    }

    /// <summary>Fills a span.</summary>
    /// <returns>False when the stream ends before.</returns>
    public bool Fill(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var ahead = Ahead();
            if (ahead.IsEmpty) return false;
            int count = Math.Min(ahead.Length, into.Length);
            ahead[..count].CopyTo(into);
            Skip(count);
            into = into[count..];
        }

        return true;
    }

    /// <summary>Reads a line, which ends in LF; the LF is not in it.</summary>
    /// <param name="into">Room for the longest line allowed.</param>
    /// <param name="length">Bytes of the line; −1 when it is longer than there is room.</param>
    /// <returns>False when the stream ends before the line does.</returns>
    public bool Line(Span<byte> into, out int length)
    {
        for (length = 0; length <= into.Length; length++)
        {
            int next = Take();
            if (next < 0) return false;
            if (next == '\n') return true;
            if (length < into.Length) into[length] = (byte)next;
        }

        length = -1;
        return true;
    }
}

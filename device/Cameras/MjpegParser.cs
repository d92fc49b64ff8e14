namespace ResNetEdge.Device.Cameras;

/// <summary>
/// JPEGs one after the other. Each is followed by its own markers from SOI to EOI, so that whatever stands between them is passed over:
/// the headers and boundaries of multipart streams, right, wrong or missing, need not be understood, and a thumbnail inside is not an end. Where
/// a JPEG lacks EOI and the next part follows, that is its end.
/// </summary>
/// <remarks>Source of the markers: ITU-T T.81, table B.1. A frame that another begins in, or that
/// is too long, is damaged, and the next is looked for.</remarks>
/// <param name="name">For messages.</param>
/// <param name="mostFrameBytes">A longer JPEG is damaged; at most <see cref="MostFrameBytes"/>.</param>
internal sealed class MjpegParser(string name, int mostFrameBytes = MjpegParser.MostFrameBytes) : IFrameParser
{
    /// <summary>Longest JPEG that is taken, in bytes.</summary>
    public const int MostFrameBytes = 64 << 20;

    private const int MostBytesBetween = 16 << 20;
    private const byte Mark = 0xFF, StartOfImage = 0xD8, EndOfImage = 0xD9,
        StartOfScan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7, Temporary = 0x01;

    private readonly PartDelimiter _delimiter = new();
    private StreamFrame? _into;
    private int _length;
    private bool _hasStart; // SOI of the next frame was met inside the one before

    /// <inheritdoc/>
    public CameraMode? Mode { get; } = new(name, FourCc.Mjpeg, 0, 0, 0);

    /// <inheritdoc/>
    public long Damaged { get; private set; }

    /// <inheritdoc/>
    public void Begin(StreamBytes from)
    {
        _hasStart = false;
        _delimiter.Forget();
    }

    /// <inheritdoc/>
    public bool Read(StreamBytes from, StreamFrame into)
    {
        _into = into;
        while (_hasStart || FindStart(from))
        {
            _hasStart = false;
            _length = 0;
            Append([Mark, StartOfImage]);
            switch (Follow(from))
            {
                case Ending.Whole:
                    (into.Length, into.Format) = (_length, FourCc.Mjpeg);
                    return true;
                case Ending.Stream:
                    Damaged++;
                    return false;
                default:
                    Damaged++;
                    break;
            }
        }

        return false;
    }

    /// <summary>Passes over everything up to and with SOI.</summary>
    private bool FindStart(StreamBytes from)
    {
        long passed = 0;
        while (true)
        {
            var ahead = from.Ahead();
            if (ahead.IsEmpty) return false;
            int mark = ahead.IndexOf(Mark);
            int skip = mark < 0 ? ahead.Length : mark + 1;
            from.Skip(skip);
            passed += skip;
            if (passed > MostBytesBetween) throw new CameraException($"{name}: no JPEG in {passed} bytes; is it a Motion-JPEG stream?");
            if (mark < 0) continue;
            var next = from.Ahead();
            if (next.IsEmpty) return false;
            if (next[0] != StartOfImage) continue; // a mark again may begin one itself
            from.Skip(1);
            return true;
        }
    }

    /// <summary>Follows one JPEG from behind SOI to its end.</summary>
    private Ending Follow(StreamBytes from)
    {
        while (true)
        {
            int mark = from.Take(), code = mark;
            if (mark < 0) return Ending.Stream;
            if (mark != Mark) return Ending.Damage;
            do code = from.Take();
            while (code == Mark); // marks may be filled up with any number of them
            if (code < 0) return Ending.Stream;
            if (code == StartOfImage)
            {
                _hasStart = true;
                return Ending.Damage;
            }

            if (!Append([Mark, (byte)code])) return Ending.Damage;
            if (code == EndOfImage) return Ending.Whole;
            if (code is 0 or Temporary or (>= FirstRestart and <= LastRestart)) continue;
            var ending = Segment(from) ?? (code == StartOfScan ? Scan(from) : null);
            if (ending is { } end) return end;
        }
    }

    /// <summary>Takes a segment with its length; null when it is whole.</summary>
    private Ending? Segment(StreamBytes from)
    {
        int high = from.Take(), low = from.Take();
        if (high < 0 || low < 0) return Ending.Stream;
        int rest = ((high << 8) | low) - 2;
        if (rest < 0 || !Append([(byte)high, (byte)low]) || !Room(rest)) return Ending.Damage;
        if (!from.Fill(_into!.Bytes.Room(_length, rest))) return Ending.Stream;
        _length += rest;
        return null;
    }

    /// <summary>Takes coded pixels up to the next marker that is not a restart, which stays unread; null when there is one.</summary>
    private Ending? Scan(StreamBytes from)
    {
        while (true)
        {
            var ahead = from.Ahead();
            if (ahead.IsEmpty) return Ending.Stream;
            int mark = ahead.IndexOf(Mark);
            int before = _length;
            if (!Append(mark < 0 ? ahead : ahead[..mark])) return Ending.Damage;
            from.Skip(mark < 0 ? ahead.Length : mark);
            if (EndAt(_delimiter.Find(Taken, before))) return Ending.Whole;
            if (mark < 0) continue;
            from.Skip(1);
            int code;
            do code = from.Take();
            while (code == Mark);
            if (code < 0) return Ending.Stream;
            if (code is 0 or (>= FirstRestart and <= LastRestart))
            {
                if (!Append([Mark, (byte)code])) return Ending.Damage;
                continue;
            }

            if (code == StartOfImage)
            {
                _hasStart = true;
                return EndAt(_delimiter.LearnFrom(Taken)) ? Ending.Whole : Ending.Damage;
            }

            if (!Append([Mark, (byte)code])) return Ending.Damage;
            if (code == EndOfImage) return Ending.Whole;
            if (Segment(from) is { } ending) return ending;
            if (code != StartOfScan) return null;
        }
    }

    /// <summary>What was taken of the frame so far.</summary>
    private ReadOnlySpan<byte> Taken => _into!.Bytes.Room(0, _length);

    /// <summary>Ends a frame that lacks its end marker; false when the length is none.</summary>
    private bool EndAt(int length)
    {
        if (length < 0) return false;
        _length = length;
        return Append([Mark, EndOfImage]);
    }

    private bool Append(ReadOnlySpan<byte> bytes)
    {
        if (!Room(bytes.Length)) return false;
        bytes.CopyTo(_into!.Bytes.Room(_length, bytes.Length));
        _length += bytes.Length;
        return true;
    }

    private bool Room(int more) => _length + more <= mostFrameBytes && _into!.Bytes.Reserve(_length + more);

    private enum Ending
    {
        Whole,
        Damage,
        Stream,
    }
}

namespace ResNetEdge.Onnx;

/// <summary>Walks the fields of one serialized protobuf message without interpreting them.</summary>
/// <remarks>Encoding: https://protobuf.dev/programming-guides/encoding/. Groups, long abandoned and never part of ONNX, are refused.</remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the current field holds bytes, a string, a packed list or a message.</summary>
    public bool HasPayload { get; private set; }

    /// <summary>First byte of the current field, its tag.</summary>
    public int Start { get; private set; }

    /// <summary>First byte of the payload.</summary>
    public int PayloadStart { get; private set; }

    /// <summary>One past the last byte of the current field.</summary>
    public readonly int End => _position;

    /// <summary>Moves to the next field; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public bool Next()
    {
        if (_position == _message.Length) return false;
        Start = _position;
        ulong tag = ReadVarint();
        if (tag >> 3 is 0 or > 0x1FFFFFFF) throw new InvalidDataException($"field number {tag >> 3} at byte {Start}");
        Field = (int)(tag >> 3);
        HasPayload = (tag & 7) == LengthDelimited;
        switch ((int)(tag & 7))
        {
            case Varint: ReadVarint(); break;
            case Fixed64: Skip(sizeof(ulong)); break;
            case Fixed32: Skip(sizeof(uint)); break;
            case LengthDelimited:
                ulong length = ReadVarint();
                PayloadStart = _position;
                Skip(length);
                break;
            default: throw new InvalidDataException($"wire type {tag & 7} at byte {Start}");
        }

        return true;
    }

    private void Skip(ulong count)
    {
        if (count > (ulong)(_message.Length - _position))
            throw new InvalidDataException($"a field of {count} bytes at byte {Start} where {_message.Length - _position} are left");
        _position += (int)count;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position == _message.Length) throw new InvalidDataException($"a number cut off at byte {_position}");
            byte b = _message[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }

        throw new InvalidDataException($"a number of more than ten bytes at byte {Start}");
    }
}

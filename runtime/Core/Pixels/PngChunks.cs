using System.Buffers.Binary;

namespace ResNetEdge.Pixels;

/// <summary>One chunk of a PNG file.</summary>
/// <param name="type">Four letters; the first in upper case says that a reader must understand it.</param>
/// <param name="data">Its bytes.</param>
internal readonly ref struct PngChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
{
    public ReadOnlySpan<byte> Type { get; } = type;

    public ReadOnlySpan<byte> Data { get; } = data;

    public bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);

    public bool IsCritical => (Type[0] & 0x20) == 0;
}

/// <summary>Walks the chunks of a PNG file: length, type, data, CRC-32. Every length and every checksum is checked.</summary>
internal ref struct PngChunks(string file, ReadOnlySpan<byte> coded)
{
    private const int Framing = 12; // length, type and checksum

    private readonly ReadOnlySpan<byte> _coded = coded;

    /// <summary>Where the next chunk begins, in bytes from the file's start.</summary>
    public int At { get; private set; } = Png.SignatureBytes;

    /// <summary>The next chunk.</summary>
    /// <exception cref="EdgeException">Exit 3: the file ends here, or the checksum is wrong.</exception>
    public PngChunk Next()
    {
        ReadOnlySpan<byte> rest = _coded[At..];
        uint length = rest.Length >= Framing ? BinaryPrimitives.ReadUInt32BigEndian(rest) : uint.MaxValue;
        if (length > rest.Length - Framing)
        {
            throw EdgeException.BadInput($"{file}: a truncated PNG; the chunk at byte {At} is incomplete");
        }

        int size = (int)length;
        if (Crc32.Of(rest.Slice(4, size + 4)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(size + 8)..]))
        {
            throw EdgeException.BadInput($"{file}: a damaged PNG; the checksum of the chunk at byte {At} is wrong");
        }

        At += size + Framing;
        return new PngChunk(rest.Slice(4, 4), rest.Slice(8, size));
    }
}

using System.Buffers.Binary;
using System.Text;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>Reads a checkpoint's bytes in order and never past the end. All numbers are little-endian unless said.</summary>
internal sealed class ByteCursor(string file, ReadOnlyMemory<byte> bytes)
{
    /// <summary>A line (a global's name, a number as text) longer than this is refused.</summary>
    private const int MaxLine = 1024;

    /// <summary>The next byte to be read, from the begin of the file or entry.</summary>
    public int Position { get; private set; }

    /// <summary>Number of bytes that have not been read.</summary>
    public int Remaining => bytes.Length - Position;

    /// <summary>The next <paramref name="count"/> bytes, not copied.</summary>
    /// <exception cref="EdgeException">Exit 3: fewer are left.</exception>
    public ReadOnlyMemory<byte> Take(long count)
    {
        if (count < 0 || count > Remaining) throw Truncated(count);
        var result = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return result;
    }

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1).Span[0];

    /// <summary>An unsigned 16-bit integer.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    /// <summary>A signed 32-bit integer.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

    /// <summary>An unsigned 32-bit integer.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    /// <summary>A signed 64-bit integer.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);

    /// <summary>A binary64, big-endian: pickles keep it so.</summary>
    public double DoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8).Span);

    /// <summary>Text up to the next line feed, which is taken too.</summary>
    public string Line()
    {
        var rest = bytes.Span[Position..];
        int length = rest[..Math.Min(rest.Length, MaxLine)].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw rest.Length <= MaxLine ? Truncated(rest.Length + 1L)
                : EdgeException.BadInput($"{file}: a line of more than {MaxLine} bytes at byte {Position}; the file is damaged or not a checkpoint");
        }

        string line = Encoding.UTF8.GetString(rest[..length]);
        Position += length + 1;
        return line;
    }

    private EdgeException Truncated(long wanted) => EdgeException.BadInput(
        $"{file}: {wanted} bytes are needed at byte {Position}, but {Remaining} are left; the checkpoint is truncated, copy or save it again");
}

using System.Buffers.Binary;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>Reads a piece of an HDF5 file in order and never past its end.</summary>
/// <param name="file">For messages.</param>
/// <param name="bytes">The piece.</param>
/// <param name="what">What messages call it.</param>
internal sealed class Hdf5Cursor(Hdf5File file, ReadOnlyMemory<byte> bytes, string what)
{
    /// <summary>Number of bytes that have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Number of bytes that have not been read.</summary>
    public int Remaining => bytes.Length - Position;

    /// <summary>The next bytes, not copied.</summary>
    /// <exception cref="EdgeException">Exit 3: fewer are left.</exception>
    public ReadOnlyMemory<byte> Take(long count)
    {
        if (count < 0 || count > Remaining) throw Fail($"ends after {bytes.Length} bytes where {Position + count} are wanted");
        var result = bytes.Slice(Position, (int)count);
        Position += (int)count;
        return result;
    }

    /// <summary>Skips a number of bytes.</summary>
    public void Skip(long count) => _ = Take(count);

    /// <summary>Skips to the next multiple of 8, or to the end.</summary>
    public void Align() => Skip(Math.Min(Remaining, (8 - Position % 8) % 8));

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1).Span[0];

    /// <summary>An unsigned 16-bit integer.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    /// <summary>An unsigned 32-bit integer.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    /// <summary>An unsigned 64-bit integer: an address or a length.</summary>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);

    /// <summary>An unsigned integer of 1, 2, 4 or 8 bytes.</summary>
    public ulong Unsigned(int width) => width switch { 1 => Byte(), 2 => UInt16(), 4 => UInt32(), _ => UInt64() };

    /// <summary>A piece of this piece.</summary>
    public Hdf5Cursor Piece(long count, string name) => new(file, Take(count), name);

    /// <summary>Exit 3, naming the piece.</summary>
    public EdgeException Fail(string found) => file.Fail(what, found);
}

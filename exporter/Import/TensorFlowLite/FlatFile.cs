using System.Buffers.Binary;
using System.Text;

namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>
/// The bytes of a FlatBuffers file, read where they lie. Every offset is checked before it is followed, and the elements read in all are bounded by
/// the file's length, so that tables which share one vector many times over end the reading.
/// </summary>
/// <remarks>Format: "FlatBuffers Internals" of google/flatbuffers. All numbers are little-endian;
/// offsets count from the place where they stand.</remarks>
internal sealed class FlatFile
{
    /// <summary>Bytes before the root: its offset and the file identifier.</summary>
    public const int HeaderBytes = 8;

    // A sound file is read about once; sharing of equal vectors (deduplication) reads some of it more often.
    private const int ReadsPerByte = 8;

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _bytes;
    private long _budget;

    /// <summary>Opens a file held in memory.</summary>
    /// <param name="path">The first word of messages.</param>
    /// <param name="bytes">The whole file.</param>
    public FlatFile(string path, ReadOnlyMemory<byte> bytes)
    {
        (_path, _bytes) = (path, bytes);
        _budget = (long)ReadsPerByte * bytes.Length + 1024;
    }

    /// <summary>Length in bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>The root table.</summary>
    /// <exception cref="EdgeException">Exit 3: it lies outside the file.</exception>
    public FlatTable Root(string what) => new(this, Follow(0, what), what);

    /// <summary>The place that the offset at a place points at.</summary>
    /// <exception cref="EdgeException">Exit 3: outside the file.</exception>
    public int Follow(int at, string what)
    {
        long target = at + (long)UInt32(at, what);
        return target <= Length - sizeof(uint) && target > at ? (int)target
            : throw Fail(what, $"an offset at byte {at} points to byte {target} of {Length}");
    }

    /// <summary>A slice, not copied.</summary>
    /// <exception cref="EdgeException">Exit 3: outside the file.</exception>
    public ReadOnlyMemory<byte> Slice(long at, long count, string what)
    {
        if (at < 0 || count < 0 || at > Length || count > Length - at) throw Fail(what, $"{count} bytes are needed at byte {at} of {Length}");
        return _bytes.Slice((int)at, (int)count);
    }

    /// <summary>First element and count of the vector that the offset at a place points at.</summary>
    /// <exception cref="EdgeException">Exit 3: it leaves the file, or more was read than the file can mean.</exception>
    public (int At, int Count) Vector(int at, int elementBytes, string what)
    {
        int start = Follow(at, what);
        uint count = UInt32(start, what);
        long bytes = (long)count * elementBytes;
        if (bytes > Length - start - sizeof(uint)) throw Fail(what, $"a vector of {count} elements at byte {start} of {Length}");
        Spend(bytes, what);
        return (start + sizeof(uint), (int)count);
    }

    /// <summary>Counts what was read against what a sound file can need.</summary>
    /// <exception cref="EdgeException">Exit 3: too much.</exception>
    public void Spend(long bytes, string what)
    {
        if ((_budget -= bytes) < 0) throw Fail(what, "its tables refer to the same data over and over");
    }

    /// <summary>UTF-8 text; bytes that are not text become U+FFFD.</summary>
    public string Text(int at, string what)
    {
        var (start, count) = Vector(at, 1, what);
        return Encoding.UTF8.GetString(Slice(start, count, what).Span);
    }

    /// <summary>An unsigned 8-bit integer.</summary>
    public byte Byte(int at, string what) => Slice(at, 1, what).Span[0];

    /// <summary>An unsigned 16-bit integer.</summary>
    public ushort UInt16(int at, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, sizeof(ushort), what).Span);

    /// <summary>A signed 32-bit integer.</summary>
    public int Int32(int at, string what) => BinaryPrimitives.ReadInt32LittleEndian(Slice(at, sizeof(int), what).Span);

    /// <summary>An unsigned 32-bit integer.</summary>
    public uint UInt32(int at, string what) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, sizeof(uint), what).Span);

    /// <summary>A signed 64-bit integer.</summary>
    public long Int64(int at, string what) => BinaryPrimitives.ReadInt64LittleEndian(Slice(at, sizeof(long), what).Span);

    /// <summary>A binary32.</summary>
    public float Single(int at, string what) => BinaryPrimitives.ReadSingleLittleEndian(Slice(at, sizeof(float), what).Span);

    /// <summary>Exit 3 with the file's path in front.</summary>
    public EdgeException Fail(string what, string found) =>
        EdgeException.BadInput($"{_path}: {what}: {found}; the file is damaged or truncated, copy it again");
}

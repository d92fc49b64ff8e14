using System.Buffers.Binary;
using System.Text;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>
/// The bytes of an HDF5 file, read where they lie. Every address is checked before it is followed, and what is read in all is bounded by the file's
/// length, so that structures which point back to themselves end the reading.
/// </summary>
/// <remarks>"HDF5 File Format Specification Version 3.0". Little-endian, addresses and lengths of 8
/// bytes, as the library writes them on every machine in use.</remarks>
internal sealed class Hdf5File
{
    /// <summary>The address that stands for none.</summary>
    public const ulong Undefined = ulong.MaxValue;

    /// <summary>Bytes of an address or a length.</summary>
    public const int AddressBytes = 8;

    private const int ReadsPerByte = 16;
    private const int SizeOfOffsetsV0 = 13, SizeOfOffsetsV2 = 9;

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ulong _base;
    private long _budget;

    /// <summary>Opens a file held in memory.</summary>
    /// <param name="path">The first word of messages.</param>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="EdgeException">Exit 3: damaged, or of a version that is not read.</exception>
    public Hdf5File(string path, ReadOnlyMemory<byte> bytes)
    {
        (_path, _bytes) = (path, bytes);
        _budget = (long)ReadsPerByte * bytes.Length + (1 << 16);
        byte version = Slice(Signature.Length, 1, "superblock").Span[0];
        int sizes = version < 2 ? SizeOfOffsetsV0 : SizeOfOffsetsV2;
        if (version > 3) throw Fail("superblock", $"has version {version}; 0 to 3 are supported, save the file again with h5py's defaults");
        var widths = Slice(sizes, 2, "superblock").Span;
        if (widths[0] != AddressBytes || widths[1] != AddressBytes)
            throw Fail("superblock", $"has addresses of {widths[0]} bytes and lengths of {widths[1]}; 8 are supported");
        // Where base address and the root group's address stand, by version.
        var (baseAt, rootAt) = version switch { 0 => (24, 64), 1 => (28, 68), _ => (12, 36) };
        _base = ReadAddress(baseAt);
        Root = new Hdf5Object(this, ReadAddress(rootAt), "/");
    }

    /// <summary>The first bytes of every HDF5 file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The root group.</summary>
    public Hdf5Object Root { get; }

    /// <summary>Length in bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>A cursor over bytes at an address.</summary>
    /// <exception cref="EdgeException">Exit 3: outside the file, or more was read than the file can mean.</exception>
    public Hdf5Cursor At(ulong address, ulong count, string what)
    {
        ulong place = address + _base;
        if (address == Undefined || place > (ulong)Length || count > (ulong)Length - place)
            throw Fail(what, $"would be at byte {place} for {count} bytes, in a file of {Length}");
        if ((_budget -= (long)count + AddressBytes) < 0) throw Fail(what, "refers to the same data over and over");
        return new(this, Slice((int)place, (int)count, what), what);
    }

    /// <summary>A cursor over bytes at an address that must begin with a signature, which is skipped.</summary>
    public Hdf5Cursor At(ulong address, ulong count, ReadOnlySpan<byte> signature, string what)
    {
        var cursor = At(address, count, what);
        if (!cursor.Take(signature.Length).Span.SequenceEqual(signature))
            throw Fail(what, $"does not begin with {Encoding.ASCII.GetString(signature)}");
        return cursor;
    }

    /// <summary>Exit 3 with the file's path in front.</summary>
    public EdgeException Fail(string what, string found) =>
        EdgeException.BadInput($"{_path}: this HDF5 file's {what} {found}; the file is damaged or of an unsupported kind");

    private ulong ReadAddress(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, AddressBytes, "superblock").Span);

    private ReadOnlyMemory<byte> Slice(int at, int count, string what) =>
        count <= Length - at ? _bytes.Slice(at, count) : throw Fail(what, $"would be at byte {at} for {count} bytes, in a file of {Length}");
}

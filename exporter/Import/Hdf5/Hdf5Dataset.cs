using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>A dataset's elements: in its header (compact), in one piece (contiguous), or in chunks behind a version 1 B-tree.</summary>
internal static class Hdf5Dataset
{
    /// <summary>Deflate makes at most 1,032 bytes of one; a small file that claims more is hostile.</summary>
    public const long MaxBytesPerFileByte = 1100;

    /// <summary>Reads the elements.</summary>
    /// <exception cref="EdgeException">Exit 3: of a type or layout that is not read, or damaged.</exception>
    public static Tensor Read(Hdf5File file, string what, Hdf5Message space, Hdf5Message datatype, Hdf5Message layout, Hdf5Message? filters)
    {
        long[] dimensions = Hdf5Dataspace.Read(new(file, space.Body, what));
        var type = Hdf5Datatype.Read(new(file, datatype.Body, what));
        if (type.Element is not { } element)
            throw file.Fail(
                what, $"has elements of class {type.Class} and {type.Size} bytes; little-endian floats and integers of 32 and 64 bits are supported");
        long bytes = dimensions.Aggregate((long)type.Size, static (a, d) => d == 0 ? 0 : a > int.MaxValue ? a : a * d);
        if (bytes > int.MaxValue || bytes > file.Length * MaxBytesPerFileByte)
            throw file.Fail(what, $"has shape {string.Join('x', dimensions)}, too much for a file of {file.Length} bytes");
        var shape = new Shape([.. dimensions.Select(static d => (int)d)]);

        var cursor = new Hdf5Cursor(file, layout.Body, what);
        int version = cursor.Byte(), kind = cursor.Byte();
        if (version is not (3 or 4)) throw cursor.Fail($"has a layout of version {version}; 3 and 4 are supported");
        return new(element, shape, kind switch
        {
            0 => Exactly(file, what, cursor.Take(cursor.UInt16()), bytes),
            1 => Contiguous(file, what, cursor, bytes),
            2 when version == 3 => new Hdf5Chunks(file, what, dimensions, type.Size, Hdf5Filters.Read(file, what, filters)).Read(cursor, (int)bytes),
            _ => throw cursor.Fail($"has a layout of class {kind} and version {version}, which is not supported; "
                + "save the model again with h5py's defaults (libver='earliest')"),
        });
    }

    private static ReadOnlyMemory<byte> Contiguous(Hdf5File file, string what, Hdf5Cursor cursor, long bytes)
    {
        ulong address = cursor.UInt64(), size = cursor.UInt64();
        if (address == Hdf5File.Undefined) return new byte[bytes]; // never written: the fill value, which is 0 where nobody says otherwise
        return Exactly(file, what, file.At(address, size, what).Take((long)size), bytes);
    }

    private static ReadOnlyMemory<byte> Exactly(Hdf5File file, string what, ReadOnlyMemory<byte> data, long bytes) =>
        data.Length == bytes ? data : throw file.Fail(what, $"has {data.Length} bytes where type and shape need {bytes}");
}

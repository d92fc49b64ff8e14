using System.IO.Compression;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>What was done to a chunk when it was written: shuffle, deflate, Fletcher-32.</summary>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1, Shuffle = 2, Fletcher32 = 3, FirstNamed = 256, MaxFilters = 32, ChecksumBytes = 4;

    private readonly List<int> _ids = [];
    private readonly Hdf5File _file;
    private readonly string _what;

    private Hdf5Filters(Hdf5File file, string what) => (_file, _what) = (file, what);

    /// <summary>Reads a filter pipeline message, version 1 or 2; none is not a filter.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged, or a filter that is not read.</exception>
    public static Hdf5Filters Read(Hdf5File file, string what, Hdf5Message? message)
    {
        var filters = new Hdf5Filters(file, what);
        if (message is null) return filters;
        var cursor = new Hdf5Cursor(file, message.Body, what);
        int version = cursor.Byte(), count = cursor.Byte();
        if (version is not (1 or 2) || count > MaxFilters) throw cursor.Fail($"has {count} filters in a list of version {version}");
        if (version == 1) cursor.Skip(6);
        for (int i = 0; i < count; i++)
        {
            int id = cursor.UInt16(), nameBytes = version == 1 || id >= FirstNamed ? cursor.UInt16() : 0;
            cursor.Skip(2);
            int values = cursor.UInt16();
            cursor.Skip(version == 1 ? (nameBytes + 7) / 8 * 8 : nameBytes);
            cursor.Skip(4L * values + (version == 1 && values % 2 == 1 ? 4 : 0));
            if (id is not (Deflate or Shuffle or Fletcher32))
                throw cursor.Fail($"is compressed with filter {id}; deflate, shuffle and fletcher32 are supported");
            filters._ids.Add(id);
        }

        return filters;
    }

    /// <summary>A chunk as it was before the filters.</summary>
    /// <param name="data">As stored.</param>
    /// <param name="mask">Bit i: filter i was left out.</param>
    /// <param name="bytes">What must come out.</param>
    /// <param name="elementBytes">For shuffle.</param>
    /// <exception cref="EdgeException">Exit 3: something else comes out.</exception>
    public ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> data, uint mask, int bytes, int elementBytes)
    {
        for (int i = _ids.Count - 1; i >= 0; i--)
        {
            if ((mask >> i & 1) != 0) continue;
            data = _ids[i] switch
            {
                Deflate => Inflate(data, bytes),
                Shuffle => Unshuffle(data.Span, elementBytes),
                _ => data.Length >= ChecksumBytes ? data[..^ChecksumBytes] : throw _file.Fail(_what, "has a chunk without its checksum"),
            };
        }

        return data.Length == bytes ? data : throw _file.Fail(_what, $"has a chunk of {data.Length} bytes where {bytes} are expected");
    }

    private byte[] Inflate(ReadOnlyMemory<byte> data, int bytes)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(data.ToArray(), writable: false), CompressionMode.Decompress);
            byte[] result = new byte[bytes + ChecksumBytes]; // a checksum may have been compressed with the elements
            int length = stream.ReadAtLeast(result, result.Length, throwOnEndOfStream: false);
            return result[..length];
        }
        catch (InvalidDataException e)
        {
            throw _file.Fail(_what, $"has a chunk that cannot be decompressed ({e.Message})");
        }
    }

    // Stored: byte 0 of every element, then byte 1 of every element, ...
    private static byte[] Unshuffle(ReadOnlySpan<byte> data, int elementBytes)
    {
        int count = data.Length / elementBytes;
        byte[] result = data.ToArray();
        for (int b = 0; b < elementBytes; b++)
            for (int i = 0; i < count; i++) result[i * elementBytes + b] = data[b * count + i];
        return result;
    }
}

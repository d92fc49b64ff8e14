namespace ResNetEdge.Exporter.Import.TensorFlowLite;

/// <summary>One table of a FlatBuffers file: fields by number, absent ones having their defaults.</summary>
internal readonly struct FlatTable
{
    private const int VtableHeaderBytes = 2 * sizeof(ushort);

    private readonly FlatFile _file;
    private readonly string _what;
    private readonly int _at, _vtable, _vtableBytes, _tableBytes;

    /// <summary>Opens the table at a place.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="at">Its first byte.</param>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="EdgeException">Exit 3: it or its list of fields leaves the file.</exception>
    public FlatTable(FlatFile file, int at, string what)
    {
        (_file, _at, _what) = (file, at, what);
        long vtable = at - (long)file.Int32(at, what);
        if (vtable < 0 || vtable > file.Length - VtableHeaderBytes)
            throw file.Fail(what, $"its list of fields would be at byte {vtable} of {file.Length}");
        _vtable = (int)vtable;
        _vtableBytes = file.UInt16(_vtable, what);
        _tableBytes = file.UInt16(_vtable + sizeof(ushort), what);
        if (_vtableBytes < VtableHeaderBytes || _vtable + _vtableBytes > file.Length || _tableBytes < sizeof(int) || _tableBytes > file.Length - at)
            throw file.Fail(what, $"a table of {_tableBytes} bytes with a list of fields of {_vtableBytes} at byte {at} of {file.Length}");
        file.Spend(_vtableBytes, what);
    }

    /// <summary>Whether the field is given.</summary>
    public bool Has(int field) => Place(field, 1) != 0;

    /// <summary>An unsigned 8-bit integer.</summary>
    public byte Byte(int field, byte fallback = 0) => Place(field, 1) is not 0 and var at ? _file.Byte(at, _what) : fallback;

    /// <summary>Reads a field as a bool; false if it is missing.</summary>
    public bool Bool(int field) => Byte(field) != 0;

    /// <summary>A signed 32-bit integer.</summary>
    public int Int32(int field, int fallback = 0) => Place(field, sizeof(int)) is not 0 and var at ? _file.Int32(at, _what) : fallback;

    /// <summary>An unsigned 32-bit integer.</summary>
    public uint UInt32(int field) => Place(field, sizeof(uint)) is not 0 and var at ? _file.UInt32(at, _what) : 0;

    /// <summary>A signed 64-bit integer.</summary>
    public long Int64(int field) => Place(field, sizeof(long)) is not 0 and var at ? _file.Int64(at, _what) : 0;

    /// <summary>A binary32.</summary>
    public float Single(int field, float fallback = 0) => Place(field, sizeof(float)) is not 0 and var at ? _file.Single(at, _what) : fallback;

    /// <summary>Text, empty when not given.</summary>
    public string Text(int field) => Place(field, sizeof(uint)) is not 0 and var at ? _file.Text(at, _what) : "";

    /// <summary>A table within, or null.</summary>
    public FlatTable? Table(int field, string what) =>
        Place(field, sizeof(uint)) is not 0 and var at ? new FlatTable(_file, _file.Follow(at, what), what) : null;

    /// <summary>A vector of bytes, not copied; null when not given.</summary>
    public ReadOnlyMemory<byte>? Bytes(int field)
    {
        if (Place(field, sizeof(uint)) is not (not 0 and var at)) return null;
        var (start, count) = _file.Vector(at, 1, _what);
        return _file.Slice(start, count, _what);
    }

    /// <summary>A vector of 32-bit integers, empty when not given.</summary>
    public int[] Ints(int field) => Elements(field, sizeof(int), static (file, at, what) => file.Int32(at, what));

    /// <summary>A vector of 64-bit integers, empty when not given.</summary>
    public long[] Longs(int field) => Elements(field, sizeof(long), static (file, at, what) => file.Int64(at, what));

    /// <summary>A vector of binary32, empty when not given.</summary>
    public float[] Floats(int field) => Elements(field, sizeof(float), static (file, at, what) => file.Single(at, what));

    /// <summary>A vector of tables, empty when not given.</summary>
    /// <param name="field">Number of the field.</param>
    /// <param name="what">What messages call one of them; its place in the vector is added.</param>
    /// <param name="atMost">More than that are refused.</param>
    /// <exception cref="EdgeException">Exit 3: it leaves the file.</exception>
    public FlatTable[] Tables(int field, string what, int atMost)
    {
        if (Place(field, sizeof(uint)) is not (not 0 and var at)) return [];
        var (start, count) = _file.Vector(at, sizeof(uint), _what);
        if (count > atMost) throw _file.Fail(_what, $"{count} of {what}, more than the {atMost} allowed");
        var tables = new FlatTable[count];
        for (int i = 0; i < count; i++)
        {
            string name = $"{what} {i}";
            tables[i] = new FlatTable(_file, _file.Follow(start + i * sizeof(uint), name), name);
        }

        return tables;
    }

    private T[] Elements<T>(int field, int bytes, Func<FlatFile, int, string, T> read)
    {
        if (Place(field, sizeof(uint)) is not (not 0 and var at)) return [];
        var (start, count) = _file.Vector(at, bytes, _what);
        var values = new T[count];
        for (int i = 0; i < count; i++) values[i] = read(_file, start + i * bytes, _what);
        return values;
    }

    // 0 when the field is not given: no field lies at byte 0, where the root's offset is.
    private int Place(int field, int bytes)
    {
        int entry = VtableHeaderBytes + field * sizeof(ushort);
        if (entry + sizeof(ushort) > _vtableBytes) return 0;
        int offset = _file.UInt16(_vtable + entry, _what);
        if (offset == 0) return 0;
        return offset >= sizeof(int) && offset + bytes <= _tableBytes ? _at + offset
            : throw _file.Fail(_what, $"field {field} is at byte {offset} of a table of {_tableBytes}");
    }
}

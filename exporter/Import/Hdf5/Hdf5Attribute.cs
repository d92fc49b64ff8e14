using System.Text;

namespace ResNetEdge.Exporter.Import.Hdf5;

/// <summary>Attribute messages, versions 1 to 3, whose values are text.</summary>
internal static class Hdf5Attribute
{
    private const int MaxTexts = 100_000;
    private const int VariableLengthBytes = 4 + Hdf5File.AddressBytes + 4;

    /// <summary>The attribute's name.</summary>
    /// <exception cref="EdgeException">Exit 3: damaged.</exception>
    public static string NameOf(Hdf5File file, ReadOnlyMemory<byte> body) => Parse(file, body, "attribute").Name;

    /// <summary>The attribute's strings.</summary>
    /// <exception cref="EdgeException">Exit 3: it is not text, or damaged.</exception>
    public static List<string> Texts(Hdf5File file, ReadOnlyMemory<byte> body, string what)
    {
        var (_, type, space, data) = Parse(file, body, what);
        int count = space.Aggregate(1L, static (a, d) => Math.Min(a * d, MaxTexts + 1L)) is var n && n <= MaxTexts ? (int)n
            : throw file.Fail(what, $"holds more than {MaxTexts} texts");
        var texts = new List<string>();
        for (int i = 0; i < count; i++)
        {
            texts.Add(type.Class switch
            {
                Hdf5Datatype.String => Encoding.UTF8.GetString(data.Take(type.Size).Span).TrimEnd('\0', ' '),
                Hdf5Datatype.VariableLength when type.IsVariableText && type.Size == VariableLengthBytes => VariableText(file, data, what),
                _ => throw file.Fail(what, "is not text"),
            });
        }

        return texts;
    }

    private static (string Name, Hdf5Datatype Type, long[] Space, Hdf5Cursor Data) Parse(Hdf5File file, ReadOnlyMemory<byte> body, string what)
    {
        var cursor = new Hdf5Cursor(file, body, what);
        int version = cursor.Byte(), flags = cursor.Byte();
        if (version is < 1 or > 3) throw cursor.Fail($"has version {version}; 1 to 3 are supported");
        if (version > 1 && flags != 0) throw cursor.Fail("shares its type, which is not supported");
        int nameBytes = cursor.UInt16(), typeBytes = cursor.UInt16(), spaceBytes = cursor.UInt16();
        if (version == 3) cursor.Skip(1);
        string name = Encoding.UTF8.GetString(cursor.Take(nameBytes).Span).TrimEnd('\0');
        if (version == 1) cursor.Align();
        var type = Hdf5Datatype.Read(cursor.Piece(typeBytes, what));
        if (version == 1) cursor.Align();
        long[] space = Hdf5Dataspace.Read(cursor.Piece(spaceBytes, what));
        if (version == 1) cursor.Align();
        return (name, type, space, cursor);
    }

    private static string VariableText(Hdf5File file, Hdf5Cursor data, string what)
    {
        uint length = data.UInt32();
        ulong address = data.UInt64();
        uint index = data.UInt32();
        return length == 0 ? "" : Encoding.UTF8.GetString(Hdf5GlobalHeap.Read(file, address, index, length, what).Span).TrimEnd('\0');
    }
}

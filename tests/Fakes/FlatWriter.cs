using System.Buffers.Binary;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>FlatBuffers written table by table, children behind their parents, as plainly as the format allows.</summary>
internal sealed class FlatWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>A table: field number and value (byte, int, uint, long, float, string, arrays of these, a table, tables).</summary>
    public sealed record Table(params (int Field, object Value)[] Fields);

    /// <summary>The whole file.</summary>
    public static byte[] Write(Table root, string identifier)
    {
        var writer = new FlatWriter();
        writer._bytes.AddRange(new byte[4]);
        writer._bytes.AddRange(Encoding.ASCII.GetBytes(identifier));
        writer.Point(0, root);
        return [.. writer._bytes];
    }

    private void Point(int at, object child)
    {
        while (_bytes.Count % 8 != 0) _bytes.Add(0);
        int target = child is Table table ? Put(table) : PutVector(child);
        Set(at, target - at);
    }

    private int Put(Table table)
    {
        int fields = table.Fields.Length == 0 ? 0 : table.Fields.Max(f => f.Field) + 1, vtable = _bytes.Count;
        int[] offsets = new int[fields];
        int size = 4;
        foreach (var (field, value) in table.Fields)
        {
            int width = value switch { byte => 1, long => 8, _ => 4 };
            size = (size + width - 1) / width * width;
            offsets[field] = size;
            size += width;
        }

        Add((ushort)(4 + 2 * fields));
        Add((ushort)size);
        foreach (int offset in offsets) Add((ushort)offset);
        while (_bytes.Count % 8 != 0) _bytes.Add(0);
        int at = _bytes.Count;
        _bytes.AddRange(new byte[size]);
        Set(at, at - vtable);
        foreach (var (field, value) in table.Fields)
        {
            int place = at + offsets[field];
            if (value is byte b) _bytes[place] = b;
            else if (value is int i) Set(place, i);
            else if (value is uint u) Set(place, (int)u);
            else if (value is float f) Set(place, BitConverter.SingleToInt32Bits(f));
            else if (value is long l) (_, _) = (Set(place, (int)l), Set(place + 4, (int)(l >> 32)));
            else Point(place, value);
        }

        return at;
    }

    private int PutVector(object value)
    {
        int at = _bytes.Count;
        byte[] data = value switch
        {
            string s => Encoding.UTF8.GetBytes(s),
            byte[] b => b,
            int[] i => [.. i.SelectMany(BitConverter.GetBytes)],
            long[] l => [.. l.SelectMany(BitConverter.GetBytes)],
            float[] f => [.. f.SelectMany(BitConverter.GetBytes)],
            Table[] t => new byte[4 * t.Length],
            _ => throw new ArgumentException($"a field of type {value.GetType()}"),
        };
        int count = value switch { int[] i => i.Length, long[] l => l.Length, float[] f => f.Length, Table[] t => t.Length, _ => data.Length };
        _bytes.AddRange(BitConverter.GetBytes(count));
        _bytes.AddRange(data);
        if (value is string) _bytes.Add(0);
        if (value is Table[] tables)
            for (int i = 0; i < tables.Length; i++) Point(at + 4 + 4 * i, tables[i]);
        return at;
    }

    private void Add(ushort value) => _bytes.AddRange(BitConverter.GetBytes(value));

    private int Set(int at, int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        for (int i = 0; i < bytes.Length; i++) _bytes[at + i] = bytes[i];
        return value;
    }
}

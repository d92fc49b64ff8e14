using System.Globalization;
using System.Text;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// ONNX files of a few nodes, written field by field as protobuf's wire format says, so that tests of a reader or an engine do not
/// lean on this project's own writer. Field numbers are those of onnx.proto.
/// </summary>
internal sealed class TinyOnnx
{
    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];

    /// <summary>A free dimension in <see cref="Input"/> and <see cref="Output"/>.</summary>
    public const int Free = -1;

    public TinyOnnx Node(string opType, string[] inputs, string[] outputs)
    {
        _nodes.Add(Join([.. inputs.Select(i => Text(1, i)), .. outputs.Select(o => Text(2, o)), Text(3, opType + _nodes.Count), Text(4, opType)]));
        return this;
    }

    public TinyOnnx Input(string name, int elementType, params int[] shape)
    {
        _inputs.Add(Value(name, elementType, Named(shape)));
        return this;
    }

    /// <summary>An input some of whose dimensions are open: a number is fixed, a word is a dimension's name, "" one without a name.</summary>
    public TinyOnnx OpenInput(string name, int elementType, params string[] shape)
    {
        _inputs.Add(Value(name, elementType, shape));
        return this;
    }

    /// <summary>An output some of whose dimensions are open, as in <see cref="OpenInput"/>.</summary>
    public TinyOnnx OpenOutput(string name, int elementType, params string[] shape)
    {
        _outputs.Add(Value(name, elementType, shape));
        return this;
    }

    public TinyOnnx Output(string name, int elementType, params int[] shape)
    {
        _outputs.Add(Value(name, elementType, Named(shape)));
        return this;
    }

    public byte[] ToBytes(int opset = 17)
    {
        byte[] graph =
            Join([.. _nodes.Select(n => Bytes(1, n)), Text(2, "tiny"), .. _inputs.Select(v => Bytes(11, v)), .. _outputs.Select(v => Bytes(12, v))]);
        return Join([Number(1, 8), Bytes(7, graph), Bytes(8, Join([Text(1, ""), Number(2, opset)]))]);
    }

    private static string[] Named(int[] shape) => [.. shape.Select(d => d == Free ? "free" : d.ToString(CultureInfo.InvariantCulture))];

    private static byte[] Dimension(string text) =>
        text.Length == 0 ? [] : int.TryParse(text, CultureInfo.InvariantCulture, out int size) ? Number(1, size) : Text(2, text);

    private static byte[] Value(string name, int elementType, string[] shape)
    {
        byte[] dims = Join([.. shape.Select(d => Bytes(1, Dimension(d)))]);
        byte[] tensor = Join([Number(1, elementType), Bytes(2, dims)]);
        return Join([Text(1, name), Bytes(2, Bytes(1, tensor))]);
    }

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => Join([VarInt((ulong)field << 3 | 2), VarInt((ulong)value.Length), value]);

    private static byte[] Number(int field, long value) => Join([VarInt((ulong)field << 3), VarInt((ulong)value)]);

    private static byte[] VarInt(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static byte[] Join(byte[][] parts) => [.. parts.SelectMany(p => p)];
}

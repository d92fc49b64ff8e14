using System.Buffers.Binary;
using System.Text;

namespace ResNetEdge.Tests.Unit.Exporter.Checkpoints;

/// <summary>Writes pickles opcode by opcode, well-formed or not.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Ops(char opcode, int times)
    {
        for (int i = 0; i < times; i++) Op(opcode);
        return this;
    }

    public PickleWriter Protocol(byte protocol) => Op('\x80').Raw(protocol);

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Raw(BitConverter.GetBytes(utf8.Length)).Raw(utf8);
    }

    public PickleWriter Bytes(params ReadOnlySpan<byte> bytes) => Op('B').Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);

    public PickleWriter Int(long value) => Op('\x8a').Raw(8).Raw(BitConverter.GetBytes(value));

    public PickleWriter Double(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Op('G').Raw(bytes);
    }

    public PickleWriter Bool(bool value) => Op(value ? '\x88' : '\x89');

    public PickleWriter Tuple(params ReadOnlySpan<long> values)
    {
        Op('(');
        foreach (long v in values) Int(v);
        return Op('t');
    }

    public PickleWriter Put(byte index) => Op('q').Raw(index);

    public PickleWriter Get(byte index) => Op('h').Raw(index);

    public PickleWriter Stop() => Op('.');

    /// <summary>A storage's persistent id and the load of it; legacy ids end in None.</summary>
    public PickleWriter Storage(string storageClass, string key, long count, bool legacy)
    {
        Op('(').Text("storage").Global("torch", storageClass).Text(key).Text("cpu").Int(count);
        return (legacy ? Op('N') : this).Op('t').Op('Q');
    }

    /// <summary>A tensor as _rebuild_tensor_v2 makes it.</summary>
    public PickleWriter Tensor(string storageClass, string key, long count, long offset, long[] sizes, long[] strides, bool legacy) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(storageClass, key, count, legacy).Int(offset)
            .Tuple(sizes).Tuple(strides).Bool(false)
            .Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    /// <summary>The tensor [1] of storage 0 in a zip.</summary>
    public PickleWriter One() => Tensor("FloatStorage", "0", 1, 0, [1], [1], legacy: false);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Onnx.Proto;

namespace ResNetEdge.Onnx;

/// <summary>Turns a <c>TensorProto</c> into a constant; raw bytes are shared, never copied.</summary>
internal sealed class TensorReader(OnnxSource source)
{
    private readonly ExternalData _externalData = new(source);

    /// <summary>Reads a tensor that the parser has seen whole.</summary>
    public Tensor Read(TensorProto proto, string what) => Read(proto, proto.HasRawData ? proto.RawData.Memory : (ReadOnlyMemory<byte>?)null, what);

    /// <summary>Reads a tensor.</summary>
    /// <param name="proto">The message.</param>
    /// <param name="raw">Its <c>raw_data</c>, or null when it has none.</param>
    /// <param name="what">How messages call it, e.g. <c>initializer 'conv1.weight'</c>.</param>
    /// <exception cref="EdgeException">Exit 3: unknown element type, impossible shape, or data that do not fit type and shape.</exception>
    public Tensor Read(TensorProto proto, ReadOnlyMemory<byte>? raw, string what)
    {
        var type = OnnxTypes.Element(source, proto.DataType, what);
        var shape = ReadShape(proto.Dims, what);
        long byteCount = (long)shape.ElementCount * type.Size();
        bool isExternal = proto.DataLocation == TensorProto.Types.DataLocation.External;
        int typed = proto.FloatData.Count + proto.Int32Data.Count + proto.Int64Data.Count + proto.DoubleData.Count
            + proto.Uint64Data.Count;
        if ((raw is null ? 0 : 1) + (isExternal ? 1 : 0) + (typed > 0 ? 1 : 0) > 1)
            throw source.Fail($"{what} has its data in more than one place");

        var bytes = isExternal ? _externalData.Read(proto.ExternalData, byteCount, what) : raw ?? Pack(proto, type, shape.ElementCount, what);
        return bytes.Length == byteCount
            ? new Tensor(type, shape, bytes)
            : throw source.Fail($"{what} has {bytes.Length} bytes of data where {type} of shape {shape} needs {byteCount}");
    }

    /// <summary>Reads a shape.</summary>
    /// <exception cref="EdgeException">Exit 3: a negative dimension, or too many elements.</exception>
    public Shape ReadShape(IReadOnlyList<long> dims, string what)
    {
        long count = 1;
        foreach (long d in dims)
        {
            if (d is < 0 or > Shape.MaxElements || (count *= d) > Shape.MaxElements)
                throw source.Fail($"{what} has the impossible shape {string.Join('x', dims)}");
        }

        return new Shape([.. dims.Select(d => (int)d)]);
    }

    private byte[] Pack(TensorProto proto, ElementType type, int count, string what) => type switch
    {
        ElementType.Float32 => Pack(proto.FloatData, count, what, static v => v),
        ElementType.Float64 => Pack(proto.DoubleData, count, what, static v => v),
        ElementType.Int64 => Pack(proto.Int64Data, count, what, static v => v),
        ElementType.Int32 => Pack(proto.Int32Data, count, what, static v => v),
        ElementType.UInt8 or ElementType.Bool => Pack(proto.Int32Data, count, what, static v => checked((byte)v)),
        ElementType.Int8 => Pack(proto.Int32Data, count, what, static v => checked((sbyte)v)),
        ElementType.Int16 => Pack(proto.Int32Data, count, what, static v => checked((short)v)),
        ElementType.UInt32 => Pack(proto.Uint64Data, count, what, static v => checked((uint)v)),
        ElementType.UInt64 => Pack(proto.Uint64Data, count, what, static v => v),
        _ => Pack(proto.Int32Data, count, what, static v => checked((ushort)v)), // uint16; float16 and bfloat16 travel as their bits
    };

    private byte[] Pack<TFrom, TTo>(IReadOnlyList<TFrom> values, int count, string what, Func<TFrom, TTo> convert) where TTo : unmanaged
    {
        if (values.Count != count) throw source.Fail($"{what} has {values.Count} values where its shape needs {count}");
        var bytes = new byte[count * Unsafe.SizeOf<TTo>()];
        var target = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        try
        {
            for (int i = 0; i < count; i++) target[i] = convert(values[i]);
        }
        catch (OverflowException e)
        {
            throw source.Fail($"{what} has a value outside the range of its type", e);
        }

        return bytes;
    }
}

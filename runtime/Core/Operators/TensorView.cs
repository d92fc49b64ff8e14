using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Memory of a value while an operator is evaluated: row-major, little-endian, in the value's own ONNX shape.</summary>
/// <param name="type">Element type.</param>
/// <param name="shape">Dimensions of the value.</param>
/// <param name="data">First element; null for an optional input left out.</param>
internal readonly unsafe struct TensorView(ElementType type, Shape shape, void* data)
{
    public ElementType Type { get; } = type;

    public Shape Shape { get; } = shape;

    /// <summary>False for an optional input that was left out.</summary>
    public bool IsPresent => data != null;

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidOperationException">The view holds another type.</exception>
    public Span<T> As<T>() where T : unmanaged => Type == ElementTypes.Of<T>()
        ? new Span<T>(data, Shape.ElementCount)
        : throw new InvalidOperationException($"a {Type} value read as {typeof(T).Name}");

    /// <summary>One element of a float or integer view as a double; 64-bit integers are rounded.</summary>
    public double Number(int index) => Type switch
    {
        ElementType.Float32 => ((float*)data)[index],
        ElementType.Float64 => ((double*)data)[index],
        ElementType.Float16 => (double)((Half*)data)[index],
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)data)[index] << 16),
        ElementType.UInt64 => ((ulong*)data)[index],
        _ => Integer(index),
    };

    /// <summary>One element of an integer or bool view; that of UInt64 keeps its bits.</summary>
    public long Integer(int index) => Type switch
    {
        ElementType.Int64 or ElementType.UInt64 => ((long*)data)[index],
        ElementType.Int32 => ((int*)data)[index],
        ElementType.UInt32 => ((uint*)data)[index],
        ElementType.Int16 => ((short*)data)[index],
        ElementType.UInt16 => ((ushort*)data)[index],
        ElementType.Int8 => ((sbyte*)data)[index],
        ElementType.UInt8 or ElementType.Bool => ((byte*)data)[index],
        _ => throw new InvalidOperationException($"a {Type} value read as integers"),
    };

    /// <summary>
    /// Sets one element. Floats round to nearest; integers drop the fraction and saturate, and not-a-number becomes 0; a bool is whether it is not 0.
    /// </summary>
    public void Set(int index, double value)
    {
        switch (Type)
        {
            case ElementType.Float32: ((float*)data)[index] = (float)value; break;
            case ElementType.Float64: ((double*)data)[index] = value; break;
            case ElementType.Float16: ((Half*)data)[index] = (Half)value; break;
            case ElementType.BFloat16: ((ushort*)data)[index] = BFloat16Bits.Of(value); break;
            case ElementType.Int64: ((long*)data)[index] = (long)value; break;
            case ElementType.Int32: ((int*)data)[index] = (int)value; break;
            case ElementType.Int16: ((short*)data)[index] = short.CreateSaturating(value); break;
            case ElementType.Int8: ((sbyte*)data)[index] = sbyte.CreateSaturating(value); break;
            case ElementType.UInt64: ((ulong*)data)[index] = (ulong)value; break;
            case ElementType.UInt32: ((uint*)data)[index] = (uint)value; break;
            case ElementType.UInt16: ((ushort*)data)[index] = ushort.CreateSaturating(value); break;
            case ElementType.UInt8: ((byte*)data)[index] = byte.CreateSaturating(value); break;
            case ElementType.Bool: ((bool*)data)[index] = value != 0; break;
            default: throw new InvalidOperationException($"a {Type} value written as a float");
        }
    }

    /// <summary>Sets one element of an integer view to the lowest bits of a number; a bool is whether it is not 0.</summary>
    public void Set(int index, long value)
    {
        switch (Type)
        {
            case ElementType.Int64 or ElementType.UInt64: ((long*)data)[index] = value; break;
            case ElementType.Int32 or ElementType.UInt32: ((int*)data)[index] = (int)value; break;
            case ElementType.Int16 or ElementType.UInt16: ((short*)data)[index] = (short)value; break;
            case ElementType.Int8 or ElementType.UInt8: ((byte*)data)[index] = (byte)value; break;
            case ElementType.Bool: ((bool*)data)[index] = value != 0; break;
            default: throw new InvalidOperationException($"a {Type} value written as an integer");
        }
    }

    /// <summary>The elements' bytes.</summary>
    public Span<byte> Bytes => new(data, Shape.ElementCount * Type.Size());
}

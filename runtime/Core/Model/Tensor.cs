using System.Runtime.InteropServices;

namespace ResNetEdge.Model;

/// <summary>
/// A constant: element type, shape and little-endian row-major bytes. Immutable; the bytes may be shared with the file they came from.
/// </summary>
public sealed class Tensor
{
    /// <summary>Creates a constant over existing bytes, without copying.</summary>
    /// <exception cref="ArgumentException">The byte count does not fit type and shape.</exception>
    public Tensor(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length != (long)shape.ElementCount * type.Size())
            throw new ArgumentException(
                $"{bytes.Length} bytes for a {type} tensor of shape {shape}, which needs {(long)shape.ElementCount * type.Size()}");
        (Type, Shape, Bytes) = (type, shape, bytes);
    }

    /// <summary>Type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Elements, row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Creates a constant from values.</summary>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public static Tensor From<T>(Shape shape, ReadOnlySpan<T> values) where T : unmanaged =>
        new(ElementTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Creates a scalar constant.</summary>
    public static Tensor Scalar<T>(T value) where T : unmanaged => From(Shape.Scalar, [value]);

    /// <summary>Creates a one-dimensional constant.</summary>
    public static Tensor Vector<T>(params ReadOnlySpan<T> values) where T : unmanaged => From(new Shape(values.Length), values);

    /// <summary>The elements as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    public ReadOnlySpan<T> As<T>() where T : unmanaged => Type == ElementTypes.Of<T>()
        ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
        : throw new InvalidOperationException($"a {Type} tensor read as {typeof(T).Name}");

    /// <summary>The elements as <typeparamref name="T"/>, for keeping; not copied.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type.</exception>
    internal ReadOnlyMemory<T> MemoryAs<T>() where T : unmanaged
    {
        _ = As<T>();
        return new CastMemory<T>(Bytes).Memory;
    }

    /// <summary>The same elements under another shape of equal element count.</summary>
    public Tensor Reshape(Shape shape) => new(Type, shape, Bytes);

    /// <summary>All elements converted to float; integers exactly up to 2^24, float64 rounded.</summary>
    public float[] ToFloats()
    {
        var result = new float[Shape.ElementCount];
        var bytes = Bytes.Span;
        switch (Type)
        {
            case ElementType.Float32: As<float>().CopyTo(result); break;
            case ElementType.Float64: Convert(As<double>(), result, static v => (float)v); break;
            case ElementType.Float16: HalfNumbers.Widen(As<Half>(), result); break;
            case ElementType.BFloat16:
                Convert(MemoryMarshal.Cast<byte, ushort>(bytes), result, static v => BitConverter.UInt32BitsToSingle((uint)v << 16));
                break;
            case ElementType.UInt8 or ElementType.Bool: Convert(bytes, result, static v => v); break;
            case ElementType.Int8: Convert(As<sbyte>(), result, static v => v); break;
            case ElementType.Int32: Convert(As<int>(), result, static v => v); break;
            case ElementType.Int64: Convert(As<long>(), result, static v => v); break;
            case ElementType.UInt16: Convert(As<ushort>(), result, static v => v); break;
            case ElementType.Int16: Convert(As<short>(), result, static v => v); break;
            case ElementType.UInt32: Convert(As<uint>(), result, static v => v); break;
            case ElementType.UInt64: Convert(As<ulong>(), result, static v => v); break;
            default: throw new InvalidOperationException($"a {Type} tensor has no float values");
        }

        return result;
    }

    /// <summary>All elements of an integer or bool tensor as 64-bit integers; those of UInt64 keep their bits.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds floats.</exception>
    public long[] ToInt64s()
    {
        var result = new long[Shape.ElementCount];
        switch (Type)
        {
            case ElementType.Int64: As<long>().CopyTo(result); break;
            case ElementType.Int32: Convert(As<int>(), result, static v => v); break;
            case ElementType.Int8: Convert(As<sbyte>(), result, static v => v); break;
            case ElementType.UInt8 or ElementType.Bool: Convert(Bytes.Span, result, static v => v); break;
            case ElementType.UInt16: Convert(As<ushort>(), result, static v => v); break;
            case ElementType.Int16: Convert(As<short>(), result, static v => v); break;
            case ElementType.UInt32: Convert(As<uint>(), result, static v => v); break;
            case ElementType.UInt64: Convert(As<ulong>(), result, static v => (long)v); break;
            default: throw new InvalidOperationException($"a {Type} tensor has no integer values");
        }

        return result;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}[{Shape}]";

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to, Func<TFrom, TTo> convert)
    {
        for (int i = 0; i < from.Length; i++) to[i] = convert(from[i]);
    }
}

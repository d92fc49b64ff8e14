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

    /// <summary>One element of a list of axes, indices or sizes, which ONNX allows to be of either type.</summary>
    /// <exception cref="InvalidOperationException">The view holds neither Int64 nor Int32.</exception>
    public long Integer(int index) => Type == ElementType.Int64 ? As<long>()[index] : As<int>()[index];

    /// <summary>The elements' bytes.</summary>
    public Span<byte> Bytes => new(data, Shape.ElementCount * Type.Size());
}

using System.Collections.Frozen;
using ResNetEdge.Model;

namespace ResNetEdge.Exporter.Checkpoints;

/// <summary>
/// How a checkpoint stores one element, and the type it has in memory. 16-bit integers are widened: ONNX's operators here know none.
/// </summary>
/// <param name="Type">Element type in memory.</param>
/// <param name="Size">Bytes of one element in the file.</param>
internal sealed record StoredType(ElementType Type, int Size)
{
    private static readonly StoredType Int16 = new(ElementType.Int32, sizeof(short));

    /// <summary>By the name of torch's storage class, e.g. <c>FloatStorage</c>.</summary>
    public static FrozenDictionary<string, StoredType> OfTorch { get; } = new Dictionary<string, StoredType>(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = Of(ElementType.Float64),
        ["FloatStorage"] = Of(ElementType.Float32),
        ["HalfStorage"] = Of(ElementType.Float16),
        ["BFloat16Storage"] = Of(ElementType.BFloat16),
        ["LongStorage"] = Of(ElementType.Int64),
        ["IntStorage"] = Of(ElementType.Int32),
        ["ShortStorage"] = Int16,
        ["CharStorage"] = Of(ElementType.Int8),
        ["ByteStorage"] = Of(ElementType.UInt8),
        ["BoolStorage"] = Of(ElementType.Bool),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By the dtype of a safetensors header, e.g. <c>F32</c>.</summary>
    public static FrozenDictionary<string, StoredType> OfSafetensors { get; } = new Dictionary<string, StoredType>(StringComparer.Ordinal)
    {
        ["F64"] = Of(ElementType.Float64),
        ["F32"] = Of(ElementType.Float32),
        ["F16"] = Of(ElementType.Float16),
        ["BF16"] = Of(ElementType.BFloat16),
        ["I64"] = Of(ElementType.Int64),
        ["I32"] = Of(ElementType.Int32),
        ["I16"] = Int16,
        ["I8"] = Of(ElementType.Int8),
        ["U8"] = Of(ElementType.UInt8),
        ["BOOL"] = Of(ElementType.Bool),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether the file's bytes are the memory's bytes.</summary>
    public bool IsPlain => Size == Type.Size();

    private static StoredType Of(ElementType type) => new(type, type.Size());
}

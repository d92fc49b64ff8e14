using ResNetEdge.Model;
using ResNetEdge.Operators;

namespace ResNetEdge.Passes.Conversions;

/// <summary>A type that is named (before 6), not numbered, and what only 8-bit floats have (since 19).</summary>
internal sealed class ConvertCast : Conversion
{
    // ONNX's names of element types, TensorProto.DataType.
    private static readonly Dictionary<string, ElementType> Types = new(StringComparer.Ordinal)
    {
        ["FLOAT"] = ElementType.Float32,
        ["UINT8"] = ElementType.UInt8,
        ["INT8"] = ElementType.Int8,
        ["UINT16"] = ElementType.UInt16,
        ["INT16"] = ElementType.Int16,
        ["INT32"] = ElementType.Int32,
        ["INT64"] = ElementType.Int64,
        ["BOOL"] = ElementType.Bool,
        ["FLOAT16"] = ElementType.Float16,
        ["DOUBLE"] = ElementType.Float64,
        ["UINT32"] = ElementType.UInt32,
        ["UINT64"] = ElementType.UInt64,
    };

    public override string OpType => OpTypes.Cast;

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        bool changed = Remove(node, "saturate");
        if (node.Attributes["to"] is string name)
        {
            if (!Types.TryGetValue(name, out var type)) throw OperatorRules.Bad(node, $"attribute to is '{name}', which is not supported");
            node.Attributes["to"] = (long)type;
            changed = true;
        }

        values.Add(node);
        return changed;
    }
}

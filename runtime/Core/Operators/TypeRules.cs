using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Checks of element types that the shape rules of several operators share.</summary>
internal static class TypeRules
{
    /// <summary>A required input of any floating-point type.</summary>
    public static InputType AnyFloat(this ReadOnlySpan<InputType?> inputs, Node node, int index)
    {
        var input = inputs.Required(node, index);
        return input.Type.IsFloat() ? input
            : throw OperatorRules.Bad(node, $"input {index} is {input.Type}; only floating-point types are supported there");
    }

    /// <summary>A required input of 8-bit integers.</summary>
    public static InputType Bytes(this ReadOnlySpan<InputType?> inputs, Node node, int index)
    {
        var input = inputs.Required(node, index);
        return input.Type is ElementType.UInt8 or ElementType.Int8 ? input
            : throw OperatorRules.Bad(node, $"input {index} is {input.Type}; only UInt8 and Int8 are supported there");
    }

    /// <summary>A required input of a given type.</summary>
    public static InputType OfType(this ReadOnlySpan<InputType?> inputs, Node node, int index, ElementType type)
    {
        var input = inputs.Required(node, index);
        return input.Type == type ? input : throw OperatorRules.Bad(node, $"input {index} is {input.Type} where {type} is expected");
    }

    /// <summary>A required input of a given type and shape.</summary>
    public static void OfTypeAndShape(this ReadOnlySpan<InputType?> inputs, Node node, int index, ElementType type, params ReadOnlySpan<int> shape)
    {
        var input = inputs.OfType(node, index, type);
        if (!input.Shape.Dimensions.SequenceEqual(shape))
            throw OperatorRules.Bad(node, $"input {index} has shape {input.Shape} where {string.Join('x', shape.ToArray())} is expected");
    }
}

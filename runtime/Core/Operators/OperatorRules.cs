using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Checks that the shape rules of several operators share; each failure names node and input.</summary>
internal static class OperatorRules
{
    /// <summary>A required input.</summary>
    public static InputType Required(this ReadOnlySpan<InputType?> inputs, Node node, int index) =>
        index < inputs.Length && inputs[index] is { } input ? input : throw Bad(node, $"input {index} is missing");

    /// <summary>An input that may be left out.</summary>
    public static InputType? Optional(this ReadOnlySpan<InputType?> inputs, int index) => index < inputs.Length ? inputs[index] : null;

    /// <summary>A required float32 input.</summary>
    public static InputType Float(this ReadOnlySpan<InputType?> inputs, Node node, int index)
    {
        var input = inputs.Required(node, index);
        return input.Type == ElementType.Float32 ? input : throw Bad(node, $"input {index} is {input.Type}; only Float32 is supported there");
    }

    /// <summary>A required input whose integers must be known when the model is loaded.</summary>
    public static long[] ConstantInts(this ReadOnlySpan<InputType?> inputs, Node node, int index)
    {
        var input = inputs.Required(node, index);
        return input.Constant is { Type: ElementType.Int64 or ElementType.Int32 } constant
            ? constant.ToInt64s()
            : throw Bad(node, $"input {index} must be a constant list of integers");
    }

    /// <summary>Refuses indices that are not 32- or 64-bit integers.</summary>
    public static void CheckIndices(Node node, ElementType type)
    {
        if (type is not (ElementType.Int64 or ElementType.Int32)) throw Bad(node, $"indices of {type}; Int64 or Int32 is supported");
    }

    /// <summary>An axis counted from either end, as a number from 0 to rank-1.</summary>
    public static int Axis(Node node, long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Bad(node, $"axis {axis} of a value of rank {rank}");

    /// <summary>A dimension so many times as large.</summary>
    public static int Scaled(Node node, int dimension, int factor) => (long)dimension * factor is <= Shape.MaxElements and var scaled
        ? (int)scaled
        : throw Bad(node, $"a dimension of its output would be {(long)dimension * factor}");

    /// <summary>A shape whose size is checked.</summary>
    public static Shape ShapeOf(Node node, params ReadOnlySpan<int> dimensions)
    {
        try
        {
            return new Shape(dimensions);
        }
        catch (ArgumentException e)
        {
            throw Bad(node, $"its output would be {string.Join('x', dimensions.ToArray())}: {e.Message}");
        }
    }

    /// <summary>Exit 3 with the node's name in front.</summary>
    public static EdgeException Bad(Node node, string reason) => EdgeException.BadInput($"{node}: {reason}");
}

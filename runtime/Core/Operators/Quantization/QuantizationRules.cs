using ResNetEdge.Model;

namespace ResNetEdge.Operators.Quantization;

/// <summary>What QuantizeLinear and DequantizeLinear share: one scale for the tensor, or one for each index along an axis.</summary>
internal static class QuantizationRules
{
    /// <summary>Scale count fits the shape, scales are finite and positive where they are constants, zero points are as many.</summary>
    /// <exception cref="EdgeException">Exit 3: anything else.</exception>
    public static void Check(Node node, Shape shape, InputType scale, InputType? zeroPoint)
    {
        int count = scale.Shape.ElementCount;
        if (scale.Shape.Rank > 1)
            throw OperatorRules.Bad(node, $"a scale of shape {scale.Shape}; one number or one per index of an axis is supported");
        if (count != 1 && (shape.Rank == 0 || count != shape[AxisOf(node, shape)]))
            throw OperatorRules.Bad(node, $"{count} scales for a value of shape {shape} along axis {node.Attributes.Int("axis", 1)}");
        if (zeroPoint is not null && zeroPoint.Shape.ElementCount != count)
            throw OperatorRules.Bad(node, $"{zeroPoint.Shape.ElementCount} zero points for {count} scales");
        foreach (float s in scale.Constant?.ToFloats() ?? [])
            if (!(s > 0 && float.IsFinite(s))) throw OperatorRules.Bad(node, $"scale {s} is not a positive finite number");
    }

    /// <summary>The channel of element i is i / Inner % Count.</summary>
    public static (int Inner, int Count) Strides(Node node, Shape shape, int scales)
    {
        if (scales == 1) return (1, 1);
        int axis = AxisOf(node, shape), inner = 1;
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return (inner, scales);
    }

    /// <summary>Least and largest number of an integer type of 8 or 16 bits.</summary>
    public static (long Low, long High) Range(ElementType type) => type switch
    {
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt16 => (0, ushort.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        _ => (0, byte.MaxValue),
    };

    private static int AxisOf(Node node, Shape shape) => OperatorRules.Axis(node, node.Attributes.Int("axis", 1), shape.Rank);
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Products of dimensions: how an axis divides a row-major value.</summary>
internal static class RowMajor
{
    /// <summary>Elements of each repetition before and within one step along an axis.</summary>
    /// <returns>Outer: product of the dimensions before the axis. Inner: of those behind it.</returns>
    public static (int Outer, int Inner) Around(Shape shape, int axis) => (Product(shape, 0, axis), Product(shape, axis + 1, shape.Rank));

    /// <summary>Product of the dimensions from one axis on, up to another.</summary>
    public static int Product(Shape shape, int from, int to)
    {
        int product = 1;
        for (int d = from; d < to; d++) product *= shape[d];
        return product;
    }

    /// <summary>Elements from one element to the next along an axis.</summary>
    public static int Stride(Shape shape, int axis) => Product(shape, axis + 1, shape.Rank);

    /// <summary>An index counted from either end of a dimension, as a number from 0 on.</summary>
    /// <exception cref="EdgeException">Exit 3: it is outside of the dimension.</exception>
    public static int Index(Node node, long index, int size) => index >= -size && index < size
        ? (int)(index < 0 ? index + size : index)
        : throw OperatorRules.Bad(node, $"index {index} of a dimension of {size}");
}

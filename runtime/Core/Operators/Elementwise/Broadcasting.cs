using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>numpy's broadcasting: shapes are aligned at their last dimension, and a dimension of 1, or none, is spread.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that all inputs are spread to.</summary>
    /// <exception cref="EdgeException">Exit 3: two of them do not fit.</exception>
    public static Shape ShapeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var shape = inputs.Required(node, 0).Shape;
        for (int i = 1; i < inputs.Length; i++) shape = ShapeOf(node, shape, inputs.Required(node, i).Shape);
        return shape;
    }

    /// <summary>The shape that two values are spread to.</summary>
    /// <exception cref="EdgeException">Exit 3: they do not fit.</exception>
    public static Shape ShapeOf(Node node, Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int p = Dimension(a, rank - i), q = Dimension(b, rank - i);
            if (p != q && p != 1 && q != 1) throw OperatorRules.Bad(node, $"shapes {a} and {b} cannot be broadcast");
            shape[i] = p == 1 ? q : p;
        }

        return OperatorRules.ShapeOf(node, shape);
    }

    /// <summary>A dimension counted from the end, from 1 on; 1 beyond the shape's first.</summary>
    public static int Dimension(Shape shape, int fromEnd) => fromEnd <= shape.Rank ? shape[shape.Rank - fromEnd] : 1;
}

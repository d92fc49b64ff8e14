using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>
/// Two stacks of matrices, A [..][M][K] and B [..][K][N], whose leading axes are broadcast against each other. A vector A is one row, a vector B one
/// column; their axis is missing in the product.
/// </summary>
/// <param name="a">Shape of the left side.</param>
/// <param name="b">Shape of the right side.</param>
internal readonly ref struct MatrixStacks(Shape a, Shape b)
{
    private readonly ReadOnlySpan<int> _left = a.Dimensions, _right = b.Dimensions;

    /// <summary>Rows of each left matrix.</summary>
    public int M => _left.Length > 1 ? _left[^2] : 1;

    /// <summary>Columns of each left matrix.</summary>
    public int K => _left[^1];

    /// <summary>Columns of each right matrix.</summary>
    public int N => _right.Length > 1 ? _right[^1] : 1;

    /// <summary>Shape of the product.</summary>
    /// <exception cref="EdgeException">Exit 3: the sides do not fit.</exception>
    public static Shape Product(Node node, Shape a, Shape b)
    {
        if (a.Rank == 0 || b.Rank == 0) throw OperatorRules.Bad(node, "one of its sides is a scalar; vectors or matrices are expected");
        var stacks = new MatrixStacks(a, b);
        int rows = b.Rank > 1 ? b[^2] : b[0];
        if (stacks.K != rows) throw OperatorRules.Bad(node, $"{stacks.K} columns do not match {rows} rows");
        var shape = new List<int>();
        for (int axis = stacks.Axes; axis > 0; axis--)
        {
            int left = Size(stacks._left, axis), right = Size(stacks._right, axis);
            if (left != right && left != 1 && right != 1) throw OperatorRules.Bad(node, $"inputs of shape {a} and {b} cannot be broadcast");
            shape.Add(left == 1 ? right : left);
        }

        if (a.Rank > 1) shape.Add(stacks.M);
        if (b.Rank > 1) shape.Add(stacks.N);
        return OperatorRules.ShapeOf(node, [.. shape]);
    }

    /// <summary>The matrices whose product is a given one of the output's, each counted in its own stack.</summary>
    public (int Left, int Right) MatricesOf(int matrix)
    {
        int left = 0, right = 0, leftStep = 1, rightStep = 1;
        for (int axis = 1; axis <= Axes; axis++)
        {
            int l = Size(_left, axis), r = Size(_right, axis), size = l == 1 ? r : l, index = matrix % size;
            matrix /= size;
            if (l != 1) left += index * leftStep;
            if (r != 1) right += index * rightStep;
            leftStep *= l;
            rightStep *= r;
        }

        return (left, right);
    }

    private int Axes => Math.Max(Math.Max(_left.Length, _right.Length) - 2, 0);

    // Leading axes are counted from the last one: 1 stands before the matrix.
    private static int Size(ReadOnlySpan<int> shape, int axis) => shape.Length >= axis + 2 ? shape[^(axis + 2)] : 1;
}

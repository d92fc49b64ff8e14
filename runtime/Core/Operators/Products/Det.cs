using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>Determinant of each square matrix of a stack, by elimination with the largest pivot: [..][M][M] → [..].</summary>
internal sealed class Det : Operator
{
    private const int MostRows = 64; // a copy of the matrix has to fit a stack

    public override string OpType => "Det";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 1, 1)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        if (x.Shape.Rank < 2 || x.Shape[^1] != x.Shape[^2])
            throw OperatorRules.Bad(node, $"an input of shape {x.Shape}; square matrices are expected");
        if (x.Shape[^1] > MostRows) throw OperatorRules.Bad(node, $"matrices of more than {MostRows} rows are not supported");
        return [new(x.Type, OperatorRules.ShapeOf(node, x.Shape.Dimensions[..^2]))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        int rows = inputs[0].Shape[^1], count = outputs[0].Shape.ElementCount;
        Span<double> matrix = stackalloc double[MostRows * MostRows];
        matrix = matrix[..(rows * rows)];
        for (int i = 0; i < count; i++)
        {
            for (int e = 0; e < matrix.Length; e++) matrix[e] = inputs[0].Number(i * matrix.Length + e);
            outputs[0].Set(i, Eliminate(matrix, rows));
        }
    }

    private static double Eliminate(Span<double> matrix, int rows)
    {
        double result = 1;
        for (int c = 0; c < rows; c++)
        {
            int pivot = c;
            for (int r = c + 1; r < rows; r++)
                if (Math.Abs(matrix[r * rows + c]) > Math.Abs(matrix[pivot * rows + c])) pivot = r;
            if (pivot != c)
            {
                result = -result;
                for (int e = c; e < rows; e++) (matrix[c * rows + e], matrix[pivot * rows + e]) = (matrix[pivot * rows + e], matrix[c * rows + e]);
            }

            double divisor = matrix[c * rows + c];
            result *= divisor;
            if (divisor == 0) return result;
            for (int r = c + 1; r < rows; r++)
            {
                double factor = matrix[r * rows + c] / divisor;
                for (int e = c; e < rows; e++) matrix[r * rows + e] -= factor * matrix[c * rows + e];
            }
        }

        return result;
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>Product of stacks of 8-bit matrices less their zero points, to 32 bits: A's may be one for each row, B's one for each column.</summary>
internal sealed class MatMulInteger : Operator
{
    public override string OpType => OpTypes.MatMulInteger;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Operand, InputRole.Weight, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(10, 2, 4)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType a = inputs.Bytes(node, 0), b = inputs.Bytes(node, 1);
        var shape = MatrixStacks.Product(node, a.Shape, b.Shape);
        CheckZero(node, inputs, 2, a, a.Shape.Rank > 1 ? a.Shape.Rank - 2 : -1);
        CheckZero(node, inputs, 3, b, b.Shape.Rank > 1 ? b.Shape.Rank - 1 : -1);
        return [new(ElementType.Int32, shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (a, b, y) = (inputs[0], inputs[1], outputs[0]);
        var stacks = new MatrixStacks(a.Shape, b.Shape);
        int m = stacks.M, n = stacks.N, k = stacks.K, count = y.Shape.ElementCount;
        for (int i = 0; i < count; i++)
        {
            var (left, right) = stacks.MatricesOf(i / n / m);
            int row = left * m + i / n % m, column = i % n;
            long aZero = Zero(inputs, 2, row, row % m, m), bZero = Zero(inputs, 3, right * n + column, column, n), sum = 0;
            for (int p = 0; p < k; p++) sum += (a.Integer(row * k + p) - aZero) * (b.Integer((right * k + p) * n + column) - bZero);
            y.Set(i, sum);
        }
    }

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)(weights.Rank == 0 ? 0 : weights[Math.Max(0, weights.Rank - 2)]);

    /// <summary>One number, one for each row or column, or one for each of those of every matrix of the stack.</summary>
    private static void CheckZero(Node node, ReadOnlySpan<InputType?> inputs, int index, InputType x, int axis)
    {
        if (inputs.Optional(index) is not { } zero) return;
        bool fits = zero.Type == x.Type && (zero.Shape.ElementCount == 1
            || (axis >= 0 && (zero.Shape == new Shape(x.Shape[axis]) || IsOnePerLine(zero.Shape, x.Shape, axis))));
        if (!fits) throw OperatorRules.Bad(node, $"its zero point {zero.Type}[{zero.Shape}] does not fit {x.Type}[{x.Shape}]");
    }

    private static bool IsOnePerLine(Shape zero, Shape x, int axis)
    {
        if (zero.Rank != x.Rank) return false;
        for (int d = 0; d < x.Rank; d++)
            if (zero[d] != (d < x.Rank - 2 || d == axis ? x[d] : 1)) return false;
        return true;
    }

    private static long Zero(ReadOnlySpan<TensorView> inputs, int index, int line, int lineOfMatrix, int lines)
    {
        if (index >= inputs.Length || !inputs[index].IsPresent) return 0;
        int count = inputs[index].Shape.ElementCount;
        return inputs[index].Integer(count == 1 ? 0 : count == lines ? lineOfMatrix : line);
    }
}

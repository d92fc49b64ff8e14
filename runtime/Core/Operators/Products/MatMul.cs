using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>
/// Matrix product over the last two dimensions; B is one matrix, or has exactly A's leading dimensions. A [..][M][K], B [K][N] or [..][K][N].
/// </summary>
internal sealed class MatMul : Operator
{
    public override string OpType => OpTypes.MatMul;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Operand, InputRole.Weight], HasInt8Form = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 2)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType a = inputs.Float(node, 0), b = inputs.Float(node, 1);
        int rank = a.Shape.Rank;
        if (rank < 2 || b.Shape.Rank < 2 || (b.Shape.Rank != 2 && !b.Shape.Dimensions[..^2].SequenceEqual(a.Shape.Dimensions[..^2])))
            throw OperatorRules.Bad(
                node, $"inputs of shape {a.Shape} and {b.Shape}; a stack of matrices and one matrix, or two equal stacks, are supported");
        if (a.Shape[^1] != b.Shape[^2]) throw OperatorRules.Bad(node, $"{a.Shape[^1]} columns do not match {b.Shape[^2]} rows");
        int[] shape = [.. a.Shape.Dimensions[..^1], b.Shape[^1]];
        return [new(ElementType.Float32, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        ReadOnlySpan<float> a = inputs[0].As<float>(), b = inputs[1].As<float>();
        var y = outputs[0].As<float>();
        int m = inputs[0].Shape[^2], k = inputs[0].Shape[^1], n = outputs[0].Shape[^1];
        bool stacked = inputs[1].Shape.Rank > 2;
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / n, column = i % n, matrix = stacked ? row / m * k * n : 0;
            double sum = 0;
            for (int p = 0; p < k; p++) sum += (double)a[row * k + p] * b[matrix + p * n + column];
            y[i] = (float)sum;
        }
    }

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)weights[Math.Max(0, weights.Rank - 2)];
}

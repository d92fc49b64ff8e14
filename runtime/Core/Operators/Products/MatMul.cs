using ResNetEdge.Model;

namespace ResNetEdge.Operators.Products;

/// <summary>Matrix product over the last two axes of two stacks of matrices, of floats or of integers that wrap.</summary>
internal sealed class MatMul : Operator
{
    public override string OpType => OpTypes.MatMul;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Operand, InputRole.Weight], HasInt8Form = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 2, 2)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var a = inputs.Factor(node, 0);
        return [new(a.Type, MatrixStacks.Product(node, a.Shape, inputs.OfType(node, 1, a.Type).Shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (a, b, y) = (inputs[0], inputs[1], outputs[0]);
        var stacks = new MatrixStacks(a.Shape, b.Shape);
        int m = stacks.M, n = stacks.N, k = stacks.K, count = y.Shape.ElementCount;
        for (int i = 0; i < count; i++)
        {
            var (left, right) = stacks.MatricesOf(i / n / m);
            DotProduct.Set(y, i, a, (left * m + i / n % m) * k, 1, b, right * k * n + i % n, n, k);
        }
    }

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)(weights.Rank == 0 ? 0 : weights[Math.Max(0, weights.Rank - 2)]);
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Products;

/// <summary>alpha · A' · B' + beta · C, where ' transposes if asked; A' [M][K], B' [K][N], C broadcast to [M][N].</summary>
internal sealed class Gemm : Operator
{
    public override string OpType => OpTypes.Gemm;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Weight, InputRole.Bias], HasInt8Form = true };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 3, 3, Float("alpha"), Float("beta"), Int("broadcast"), Int("transA"), Int("transB")),
        new(7, 3, 3, Float("alpha"), Float("beta"), Int("transA"), Int("transB")),
        new(11, 2, 3, Float("alpha"), Float("beta"), Int("transA"), Int("transB")),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var a = inputs.Factor(node, 0);
        var b = inputs.OfType(node, 1, a.Type);
        if (a.Shape.Rank != 2 || b.Shape.Rank != 2) throw OperatorRules.Bad(node, $"inputs of shape {a.Shape} and {b.Shape}; matrices are expected");
        bool ta = node.Attributes.Int("transA", 0) != 0, tb = node.Attributes.Int("transB", 0) != 0;
        int m = a.Shape[ta ? 1 : 0], k = a.Shape[ta ? 0 : 1], n = b.Shape[tb ? 0 : 1];
        if (b.Shape[tb ? 1 : 0] != k) throw OperatorRules.Bad(node, $"{k} columns do not match {b.Shape[tb ? 1 : 0]} rows");
        if (inputs.Optional(2) is { } c)
        {
            int rows = c.Shape.Rank > 1 ? c.Shape[^2] : 1, columns = c.Shape.Rank > 0 ? c.Shape[^1] : 1;
            if (c.Type != a.Type || c.Shape.Rank > 2 || (rows != 1 && rows != m) || (columns != 1 && columns != n))
                throw OperatorRules.Bad(node, $"its bias {c.Type}[{c.Shape}] does not fit an output of {m}x{n}");
        }

        return [new(a.Type, OperatorRules.ShapeOf(node, m, n))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        bool ta = node.Attributes.Int("transA", 0) != 0, tb = node.Attributes.Int("transB", 0) != 0;
        float alpha = node.Attributes.Float("alpha", 1), beta = node.Attributes.Float("beta", 1);
        var (a, b, y) = (inputs[0], inputs[1], outputs[0]);
        var c = inputs.Length > 2 && inputs[2].IsPresent ? inputs[2] : default;
        int m = y.Shape[0], n = y.Shape[1], k = a.Shape[ta ? 0 : 1];
        int rows = c.Shape.Rank > 1 ? c.Shape[^2] : 1, columns = c.Shape.Rank > 0 ? c.Shape[^1] : 1;
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                var (firstA, stepA, firstB, stepB) = (ta ? i : i * k, ta ? m : 1, tb ? j * k : j, tb ? 1 : n);
                int bias = (rows == 1 ? 0 : i) * columns + (columns == 1 ? 0 : j);
                if (y.Type.IsFloat())
                {
                    double sum = alpha * DotProduct.Sum(a, firstA, stepA, b, firstB, stepB, k);
                    y.Set(i * n + j, c.IsPresent ? sum + (double)beta * c.Number(bias) : sum);
                }
                else
                {
                    // Integers are scaled by floats that are whole numbers, as far as anyone knows.
                    long sum = Scaled(alpha, DotProduct.Integer(a, firstA, stepA, b, firstB, stepB, k));
                    y.Set(i * n + j, c.IsPresent ? sum + Scaled(beta, c.Integer(bias)) : sum);
                }
            }
    }

    private static long Scaled(float factor, long value) => factor == 1 ? value : (long)(factor * (double)value);

    public override QuantizationRule Quantization(Node node, Graph graph) =>
        HasPlainWeights(node, graph) ? QuantizationRule.ComputesInInt8 : QuantizationRule.StaysFloat;

    public override int? OutputChannelAxis(Node node)
    {
        bool isPlain = node.Attributes.Float("alpha", 1) == 1 && node.Attributes.Float("beta", 1) == 1 && node.Attributes.Int("transA", 0) == 0;
        return !isPlain ? null : node.Attributes.Int("transB", 0) != 0 ? 0 : 1;
    }

    public override long MultiplyAccumulates(Node node, Shape weights, Shape output) =>
        output.ElementCount * (long)weights[node.Attributes.Int("transB", 0) == 0 ? 0 : 1];
}

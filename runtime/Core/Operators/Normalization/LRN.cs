using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>
/// Across neighbouring channels: y = x / (bias + alpha / size · Σ x²)^beta, the sum over the channels from c - ⌊(size - 1) / 2⌋ to c + ⌈(size -
/// 1) / 2⌉. Krizhevsky, Sutskever and Hinton, NIPS 2012, section 3.3.
/// </summary>
internal sealed class LRN : Operator
{
    private const float DefaultAlpha = 1e-4f, DefaultBeta = 0.75f, DefaultBias = 1;

    public override string OpType => "LRN";

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(1, 1, 1, Float("alpha"), Float("beta"), Float("bias"), Int("size").Required())];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        if (x.Shape.Rank < 2) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; at least two dimensions are expected");
        long size = node.Attributes.Int("size", 0);
        if (size is < 1 or > int.MaxValue) throw OperatorRules.Bad(node, $"its size is {size}; a positive number is expected");
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        long size = node.Attributes.Int("size", 1);
        double factor = node.Attributes.Float("alpha", DefaultAlpha) / (double)size;
        double beta = node.Attributes.Float("beta", DefaultBeta), bias = node.Attributes.Float("bias", DefaultBias);
        int channels = x.Shape[1], inner = NormalizationRules.CountBehind(x.Shape, 1);
        for (int i = 0; i < x.Shape.ElementCount; i++)
        {
            int c = i / inner % channels;
            int from = (int)Math.Max(0, c - (size - 1) / 2), to = (int)Math.Min(channels - 1, c + size / 2);
            double sum = 0;
            for (int k = from; k <= to; k++) sum += x.Number(i + (k - c) * inner) * x.Number(i + (k - c) * inner);
            y.Set(i, x.Number(i) / Math.Pow(bias + factor * sum, beta));
        }
    }
}

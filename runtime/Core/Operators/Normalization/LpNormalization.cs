using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>
/// Each line along an axis over its norm: the sum of absolute values (p = 1) or the root of the sum of squares (p = 2). A line of zeros stays.
/// </summary>
internal sealed class LpNormalization : Operator
{
    public override string OpType => "LpNormalization";

    public override OperatorTraits Traits { get; } = new() { Axes = AxisUse.Attribute, DefaultAxis = -1 };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Int("axis"), Int("p").Only(1L, 2L))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        _ = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank), count = x.Shape[axis];
        int inner = NormalizationRules.CountBehind(x.Shape, axis), lines = x.Shape.ElementCount / Math.Max(1, count);
        bool isEuclidean = node.Attributes.Int("p", 2) == 2;
        for (int line = 0; line < lines; line++)
        {
            int first = line / inner * count * inner + line % inner, end = first + count * inner;
            double sum = 0;
            for (int i = first; i < end; i += inner) sum += isEuclidean ? x.Number(i) * x.Number(i) : Math.Abs(x.Number(i));
            double norm = isEuclidean ? Math.Sqrt(sum) : sum;
            for (int i = first; i < end; i += inner) y.Set(i, norm == 0 ? 0 : x.Number(i) / norm);
        }
    }
}

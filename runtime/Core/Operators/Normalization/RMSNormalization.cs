using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>
/// From an axis on, all elements divided by their root mean square: y = x / sqrt(mean of x² + epsilon) · scale. Zhang and Sennrich, arXiv:1910.07467.
/// Whatever <c>stash_type</c> says, it is computed in double and rounded once.
/// </summary>
internal sealed class RMSNormalization : Operator
{
    /// <summary>ONNX's default.</summary>
    public const float DefaultEpsilon = 1e-5f;

    public override string OpType => OpTypes.RMSNormalization;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Trained] };

    public override IReadOnlyList<Signature> Signatures { get; } =
        [new(23, 2, 2, Int("axis"), Float("epsilon"), Int("stash_type").Only((long)ElementType.Float32, (long)ElementType.BFloat16))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        var scale = inputs.AnyFloat(node, 1);
        OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        Spread.Check(node, x.Shape, scale.Shape, 1);
        return [new(scale.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], scale = inputs[1], y = outputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank), each = NormalizationRules.CountBehind(x.Shape, axis - 1);
        double epsilon = node.Attributes.Float("epsilon", DefaultEpsilon);
        for (int first = 0; first < x.Shape.ElementCount; first += each)
        {
            double squares = 0;
            for (int i = first; i < first + each; i++) squares += x.Number(i) * x.Number(i);
            double factor = 1 / Math.Sqrt(squares / each + epsilon);
            for (int i = first; i < first + each; i++) y.Set(i, x.Number(i) * factor * scale.Number(Spread.Offset(scale.Shape, x.Shape, i)));
        }
    }
}

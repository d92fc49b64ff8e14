using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>
/// Each channel of each picture with its own mean and variance: y = scale · (x - mean) / sqrt(variance + epsilon) + bias. Ulyanov, Vedaldi and
/// Lempitsky, arXiv:1607.08022.
/// </summary>
internal sealed class InstanceNormalization : Operator
{
    /// <summary>ONNX's default.</summary>
    public const float DefaultEpsilon = 1e-5f;

    public override string OpType => OpTypes.InstanceNormalization;

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Trained] };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 3, 3, ConsumedInputs, Float("epsilon")),
        new(6, 3, 3, Float("epsilon")),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        if (x.Shape.Rank < 3) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; at least three dimensions are expected");
        for (int i = 1; i < 3; i++) inputs.CheckPerChannel(node, i, x.Shape[1]);
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        double epsilon = node.Attributes.Float("epsilon", DefaultEpsilon);
        int inner = NormalizationRules.CountBehind(x.Shape, 1), count = x.Shape.ElementCount, channels = x.Shape[1];
        for (int first = 0, c = 0; first < count; first += inner, c = (c + 1) % channels)
        {
            var (mean, variance) = Moments.Of(x, first, inner);
            double factor = inputs[1].Number(c) / Math.Sqrt(variance + epsilon), bias = inputs[2].Number(c);
            for (int i = first; i < first + inner; i++) y.Set(i, (x.Number(i) - mean) * factor + bias);
        }
    }
}

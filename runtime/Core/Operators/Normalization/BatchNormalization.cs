using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>
/// Inference-mode batch normalisation over axis 1: y = (x - mean) / sqrt(variance + epsilon) · scale + bias. A vector has one channel.
/// </summary>
internal sealed class BatchNormalization : Operator
{
    public override string OpType => OpTypes.BatchNormalization;

    public override OperatorTraits Traits { get; } = new()
    {
        Inputs = [InputRole.Data, InputRole.Trained, InputRole.Trained, InputRole.Statistic, InputRole.Statistic],
    };

    /// <summary>ONNX's default.</summary>
    public const float DefaultEpsilon = 1e-5f;

    // Before operator set 7 it is the number of outputs that tells training; is_test says the same again.
    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 5, 5, ConsumedInputs.Required(), Float("epsilon"), Int("is_test"), Float("momentum"), Int("spatial").Only(1L))
        {
            TrainsWithMoreOutputs = true,
        },
        new(6, 5, 5, Float("epsilon"), Int("is_test"), Float("momentum"), Int("spatial").Only(1L)) { TrainsWithMoreOutputs = true },
        new(7, 5, 5, Float("epsilon"), Float("momentum"), Int("spatial").Only(1L)) { TrainsWithMoreOutputs = true },
        new(9, 5, 5, Float("epsilon"), Float("momentum")) { TrainsWithMoreOutputs = true },
        new(14, 5, 5, Float("epsilon"), Float("momentum"), Int("training_mode").Only(0L)) { TrainsWithMoreOutputs = true },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.AnyFloat(node, 0);
        if (x.Shape.Rank < 1) throw OperatorRules.Bad(node, "its input is a scalar; at least one dimension is needed");
        for (int i = 1; i < 5; i++) inputs.CheckPerChannel(node, i, Channels(x.Shape));
        return [new(x.Type, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        double epsilon = node.Attributes.Float("epsilon", DefaultEpsilon);
        TensorView x = inputs[0], y = outputs[0];
        int channels = Channels(x.Shape), inner = NormalizationRules.CountBehind(x.Shape, 1), count = x.Shape.ElementCount;
        for (int first = 0, c = 0; first < count; first += inner, c = (c + 1) % channels)
        {
            double factor = inputs[1].Number(c) / Math.Sqrt(inputs[4].Number(c) + epsilon), mean = inputs[3].Number(c), bias = inputs[2].Number(c);
            for (int i = first; i < first + inner; i++) y.Set(i, (x.Number(i) - mean) * factor + bias);
        }
    }

    private static int Channels(Shape shape) => shape.Rank == 1 ? 1 : shape[1];
}

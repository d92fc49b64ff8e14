using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Normalization;

/// <summary>Inference-mode batch normalisation over axis 1: y = (x - mean) / sqrt(variance + epsilon) · scale + bias.</summary>
internal sealed class BatchNormalization : Operator
{
    public override string OpType => OpTypes.BatchNormalization;

    public override OperatorTraits Traits { get; } = new()
    {
        Inputs = [InputRole.Data, InputRole.Trained, InputRole.Trained, InputRole.Statistic, InputRole.Statistic],
    };

    /// <summary>ONNX's default.</summary>
    public const float DefaultEpsilon = 1e-5f;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(7, 5, 5, Float("epsilon"), Float("momentum"), Int("spatial").Only(1L)) { TrainsWithMoreOutputs = true },
        new(9, 5, 5, Float("epsilon"), Float("momentum")) { TrainsWithMoreOutputs = true },
        new(14, 5, 5, Float("epsilon"), Float("momentum"), Int("training_mode").Only(0L)) { TrainsWithMoreOutputs = true },
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Float(node, 0);
        if (x.Shape.Rank < 2) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; at least two dimensions are needed");
        for (int i = 1; i < 5; i++)
            if (inputs.Float(node, i).Shape != new Shape(x.Shape[1]))
                throw OperatorRules.Bad(node, $"input {i} has shape {inputs[i]!.Shape}; {x.Shape[1]} values are expected");
        return [new(ElementType.Float32, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        double epsilon = node.Attributes.Float("epsilon", DefaultEpsilon);
        var shape = inputs[0].Shape;
        int channels = shape[1], inner = 1;
        for (int i = 2; i < shape.Rank; i++) inner *= shape[i];
        ReadOnlySpan<float> x = inputs[0].As<float>(), scale = inputs[1].As<float>(), bias = inputs[2].As<float>();
        ReadOnlySpan<float> mean = inputs[3].As<float>(), variance = inputs[4].As<float>();
        var y = outputs[0].As<float>();
        for (int i = 0; i < y.Length; i++)
        {
            int c = i / inner % channels;
            y[i] = (float)((x[i] - (double)mean[c]) / Math.Sqrt(variance[c] + epsilon) * scale[c] + bias[c]);
        }
    }
}

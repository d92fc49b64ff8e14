using ResNetEdge.Model;

namespace ResNetEdge.Operators.Windows;

/// <summary>Mean of each channel's plane: [N][C][H][W] → [N][C][1][1].</summary>
internal sealed class GlobalAveragePool : Operator
{
    public override string OpType => OpTypes.GlobalAveragePool;

    public override OperatorTraits Traits { get; } = new() { HasInt8Form = true, PassesPositiveFactor = true, ReadsChannelsInnermost = true };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1)];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Float(node, 0);
        if (x.Shape.Rank != 4) throw OperatorRules.Bad(node, $"its input has shape {x.Shape}; only pictures (N C H W) are supported");
        if (x.Shape[2] * x.Shape[3] == 0) throw OperatorRules.Bad(node, "its input is empty");
        return [new(ElementType.Float32, new Shape(x.Shape[0], x.Shape[1], 1, 1))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        int area = inputs[0].Shape[2] * inputs[0].Shape[3];
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        for (int i = 0; i < y.Length; i++)
        {
            double sum = 0;
            foreach (float v in x.Slice(i * area, area)) sum += v;
            y[i] = (float)(sum / area);
        }
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.ComputesInInt8;
}

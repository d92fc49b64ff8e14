using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators;

/// <summary>e^x over the sum of e^x along one axis, the largest taken out first.</summary>
internal sealed class Softmax : Operator
{
    public override string OpType => OpTypes.Softmax;

    public override OperatorTraits Traits { get; } = new() { Axes = AxisUse.Attribute, DefaultAxis = -1 };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Int("axis"))];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Float(node, 0);
        _ = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        return [new(ElementType.Float32, x.Shape)];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var shape = inputs[0].Shape;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), shape.Rank), inner = 1;
        for (int d = axis + 1; d < shape.Rank; d++) inner *= shape[d];
        ReadOnlySpan<float> x = inputs[0].As<float>();
        var y = outputs[0].As<float>();
        int count = shape[axis];
        for (int line = 0; line < x.Length / Math.Max(1, count); line++)
        {
            int first = line / inner * count * inner + line % inner;
            double max = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < count; i++) max = Math.Max(max, x[first + i * inner]);
            for (int i = 0; i < count; i++) sum += Math.Exp(x[first + i * inner] - max);
            for (int i = 0; i < count; i++) y[first + i * inner] = (float)(Math.Exp(x[first + i * inner] - max) / sum);
        }
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Reductions;

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
            Line(x, y, first, inner, count);
        }
    }

    /// <summary>One line of values along the axis.</summary>
    /// <param name="x">The values lie at first, first + step, ... A NaN makes the whole line NaN, and so does an infinite largest value.</param>
    /// <param name="y">Receives the results at the same places; may be the same memory.</param>
    /// <param name="first">Index of the line's first value.</param>
    /// <param name="step">From one value to the next.</param>
    /// <param name="count">Values in the line.</param>
    internal static void Line(ReadOnlySpan<float> x, Span<float> y, int first, int step, int count)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < count; i++) max = Math.Max(max, x[first + i * step]);
        for (int i = 0; i < count; i++) sum += Math.Exp(x[first + i * step] - max);
        for (int i = 0; i < count; i++) y[first + i * step] = (float)(Math.Exp(x[first + i * step] - max) / sum);
    }
}

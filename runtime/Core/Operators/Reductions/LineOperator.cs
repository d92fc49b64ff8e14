using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Reductions;

/// <summary>
/// A function of all floats along one axis, of the same shape as its input. Before operator set 13 it was one of everything from that axis on,
/// which is converted.
/// </summary>
internal abstract class LineOperator : Operator
{
    public override OperatorTraits Traits { get; } = new() { Axes = AxisUse.Attribute, DefaultAxis = -1 };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Int("axis"))];

    public sealed override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var x = inputs.Required(node, 0);
        if (!x.Type.IsFloat()) throw OperatorRules.Bad(node, $"input 0 is {x.Type}, which is not supported there");
        _ = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), x.Shape.Rank);
        return [new(x.Type, x.Shape)];
    }

    public sealed override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var shape = inputs[0].Shape;
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), shape.Rank), inner = 1, count = shape[axis];
        for (int d = axis + 1; d < shape.Rank; d++) inner *= shape[d];
        int lines = shape.ElementCount / Math.Max(1, count);
        for (int line = 0; line < lines; line++) Evaluate(inputs[0], outputs[0], line / inner * count * inner + line % inner, inner, count);
    }

    /// <summary>One line of values along the axis.</summary>
    /// <param name="x">The values lie at first, first + step, ...</param>
    /// <param name="y">Receives the results at the same places; may be the same memory.</param>
    /// <param name="first">Index of the line's first value.</param>
    /// <param name="step">From one value to the next.</param>
    /// <param name="count">Values in the line.</param>
    protected abstract void Evaluate(in TensorView x, in TensorView y, int first, int step, int count);
}

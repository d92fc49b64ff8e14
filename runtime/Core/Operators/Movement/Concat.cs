using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Inputs side by side along one axis; all other dimensions agree.</summary>
internal sealed class Concat : Operator
{
    public override string OpType => OpTypes.Concat;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Axes = AxisUse.Attribute, RoundsToReaders = true };

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, Signature.AnyNumber, Int("axis")),
        new(4, 1, Signature.AnyNumber, Int("axis").Required()),
    ];

    public override OutputType[] Infer(Node node, ReadOnlySpan<InputType?> inputs)
    {
        var first = inputs.Required(node, 0);
        if (!node.Attributes.Has("axis")) throw OperatorRules.Bad(node, "attribute axis is missing");
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), first.Shape.Rank);
        int[] shape = first.Shape.Dimensions.ToArray();
        for (int i = 1; i < inputs.Length; i++)
        {
            var next = inputs.Required(node, i);
            bool fits = next.Type == first.Type && next.Shape.Rank == shape.Length;
            for (int d = 0; fits && d < shape.Length; d++) fits = d == axis || next.Shape[d] == shape[d];
            if (!fits) throw OperatorRules.Bad(node, $"{next.Type}[{next.Shape}] does not match {first.Type}[{first.Shape}] along axis {axis}");
            shape[axis] = checked(shape[axis] + next.Shape[axis]);
        }

        return [new(first.Type, OperatorRules.ShapeOf(node, shape))];
    }

    public override void Evaluate(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var y = outputs[0];
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", 0), y.Shape.Rank);
        var (outer, inner) = RowMajor.Around(y.Shape, axis);
        inner *= y.Type.Size();
        var to = y.Bytes;
        for (int o = 0; o < outer; o++)
            foreach (var x in inputs)
            {
                int run = x.Shape[axis] * inner;
                x.Bytes.Slice(o * run, run).CopyTo(to);
                to = to[run..];
            }
    }

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    public override bool IsIdentity(Node node) => node.Inputs.Count == 1;
}

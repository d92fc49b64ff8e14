using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Cuts or surrounds with zeros around the centre until the axes have the given sizes; an odd element is at the end.</summary>
internal sealed class CenterCropPad : ShapedByValues
{
    public override string OpType => "CenterCropPad";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 2, 2, Ints("axes"))];

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs) => inputs.Required(node, 0).Type;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0].Shape;
        long[]? axes = node.Attributes.Ints("axes");
        int count = inputs[1].Shape.ElementCount;
        if (count != (axes?.Length ?? x.Rank)) throw OperatorRules.Bad(node, $"{count} sizes for {axes?.Length ?? x.Rank} axes");
        for (int d = 0; d < x.Rank; d++) shape[d] = x[d];
        for (int i = 0; i < count; i++) shape[axes is null ? i : OperatorRules.Axis(node, axes[i], x.Rank)] = inputs[1].Integer(i);
        return x.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        y.Bytes.Clear();
        var box = new StridedBox(x.Type.Size());
        long from = 0, to = 0;
        for (int d = 0; d < x.Shape.Rank; d++)
        {
            int more = y.Shape[d] - x.Shape[d];
            if (more < 0) from += (long)(-more / 2) * RowMajor.Stride(x.Shape, d);
            else to += (long)(more / 2) * RowMajor.Stride(y.Shape, d);
            box.Add(Math.Min(x.Shape[d], y.Shape[d]), RowMajor.Stride(x.Shape, d), RowMajor.Stride(y.Shape, d));
        }

        box.Copy(x.Bytes, from, y.Bytes, to);
    }
}

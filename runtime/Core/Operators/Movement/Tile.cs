using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>The value side by side with itself, so many times along each axis.</summary>
internal sealed class Tile : ShapedByValues
{
    public override string OpType => OpTypes.Tile;

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 3, 3), new(6, 2, 2)];

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs) => inputs.Required(node, 0).Type;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var (x, repeats) = (inputs[0].Shape, inputs[1]);
        if (repeats.Shape.ElementCount != x.Rank)
            throw OperatorRules.Bad(node, $"{repeats.Shape.ElementCount} repeats for an input of rank {x.Rank}");
        for (int d = 0; d < x.Rank; d++)
        {
            long repeat = repeats.Integer(d);
            if (repeat is < 0 or > Shape.MaxElements) throw OperatorRules.Bad(node, $"{repeat} repeats");
            shape[d] = x[d] * repeat;
        }

        return x.Rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        var box = new StridedBox(x.Type.Size());
        for (int d = 0; d < x.Shape.Rank; d++)
        {
            int from = RowMajor.Stride(x.Shape, d), to = RowMajor.Stride(y.Shape, d);
            box.Add(inputs[1].Integer(d), 0, (long)x.Shape[d] * to);
            box.Add(x.Shape[d], from, to);
        }

        box.Copy(x.Bytes, 0, y.Bytes, 0);
    }
}

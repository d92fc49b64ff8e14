using ResNetEdge.Model;

namespace ResNetEdge.Operators.Movement;

/// <summary>Repeats dimensions of 1 so that the value has the shape to which it and the given shape broadcast.</summary>
internal sealed class Expand : ShapedByValues
{
    public override string OpType => "Expand";

    public override OperatorTraits Traits { get; } = new() { Elements = ElementFlow.Selected, Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(8, 2, 2)];

    public override QuantizationRule Quantization(Node node, Graph graph) => QuantizationRule.PassesScale;

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs) => inputs.Required(node, 0).Type;

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0].Shape;
        int given = inputs[1].Shape.ElementCount, rank = Math.Max(x.Rank, given);
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"a shape of {rank} dimensions; more than {MaxRank} is not supported");
        for (int d = 0; d < rank; d++)
        {
            int own = d - (rank - x.Rank) is >= 0 and var axis ? x[axis] : 1;
            long wanted = d - (rank - given) is >= 0 and var i ? inputs[1].Integer(i) : 1;
            if (wanted < 0 || (own != wanted && own != 1 && wanted != 1))
                throw OperatorRules.Bad(node, $"dimension {d} of {own} does not broadcast to {wanted}");
            shape[d] = own == 1 ? wanted : own;
        }

        return rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        TensorView x = inputs[0], y = outputs[0];
        int added = y.Shape.Rank - x.Shape.Rank;
        var box = new StridedBox(x.Type.Size());
        for (int d = 0; d < y.Shape.Rank; d++)
        {
            bool isRepeated = d < added || x.Shape[d - added] == 1;
            box.Add(y.Shape[d], isRepeated ? 0 : RowMajor.Stride(x.Shape, d - added), RowMajor.Stride(y.Shape, d));
        }

        box.Copy(x.Bytes, 0, y.Bytes, 0);
    }
}

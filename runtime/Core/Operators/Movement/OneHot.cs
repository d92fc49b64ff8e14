using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>
/// A new axis on which the value at each index is "on" and all others are "off". Indices may count from the end; one outside is off everywhere.
/// </summary>
internal sealed class OneHot : ShapedByValues
{
    public override string OpType => "OneHot";

    public override OperatorTraits Traits { get; } = new() { Inputs = [InputRole.Data, InputRole.Setting] };

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 3, 3, Int("axis"))];

    protected override bool GivesShape(int input) => input == 1;

    protected override bool MayGiveShape(int input, ElementType type) => type.IsInteger() || type.IsFloat();

    protected override ElementType TypeOf(Node node, ReadOnlySpan<InputType?> inputs)
    {
        InputType indices = inputs.Required(node, 0), depth = inputs.Required(node, 1), values = inputs.Required(node, 2);
        if (!indices.Type.IsInteger() && !indices.Type.IsFloat()) throw OperatorRules.Bad(node, $"indices of {indices.Type} are not supported");
        if (depth.Shape.ElementCount != 1) throw OperatorRules.Bad(node, $"its depth has shape {depth.Shape}; one number is expected");
        if (values.Shape.ElementCount != 2) throw OperatorRules.Bad(node, $"its values have shape {values.Shape}; two are expected, off and on");
        OperatorRules.Axis(node, node.Attributes.Int("axis", -1), indices.Shape.Rank + 1);
        return values.Type;
    }

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var indices = inputs[0].Shape;
        int rank = indices.Rank + 1, axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), rank);
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"its output would have rank {rank}; more than {MaxRank} is not supported");
        for (int d = 0; d < rank; d++) shape[d] = d == axis ? (long)inputs[1].Number(0) : indices[d < axis ? d : d - 1];
        return rank;
    }

    protected override void Compute(Node node, ReadOnlySpan<TensorView> inputs, ReadOnlySpan<TensorView> outputs)
    {
        var (indices, values, y) = (inputs[0], inputs[2], outputs[0]);
        int axis = OperatorRules.Axis(node, node.Attributes.Int("axis", -1), y.Shape.Rank), depth = y.Shape[axis], size = y.Type.Size();
        var (outer, inner) = RowMajor.Around(y.Shape, axis);
        ReadOnlySpan<byte> off = values.Bytes[..size], on = values.Bytes[size..];
        var to = y.Bytes;
        for (int at = 0; at < to.Length; at += size) off.CopyTo(to[at..]);
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++)
            {
                double index = Math.Truncate(indices.Number(o * inner + i));
                if (!(index >= -depth && index < depth)) continue;
                int place = (int)(index < 0 ? index + depth : index);
                on.CopyTo(to[(((o * depth + place) * inner + i) * size)..]);
            }
    }
}

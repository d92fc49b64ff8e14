using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>To a matrix: dimensions before the axis become rows, the others columns.</summary>
internal sealed class Flatten : Reinterpret
{
    public override string OpType => OpTypes.Flatten;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Int("axis"))];

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0].Shape;
        long axis = node.Attributes.Int("axis", 1);
        int at = axis == x.Rank ? x.Rank : OperatorRules.Axis(node, axis, x.Rank);
        shape[0] = RowMajor.Product(x, 0, at);
        shape[1] = RowMajor.Product(x, at, x.Rank);
        return 2;
    }
}

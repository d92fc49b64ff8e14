using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>To a matrix: dimensions before the axis become rows, the others columns.</summary>
internal sealed class Flatten : Reinterpret
{
    public override string OpType => OpTypes.Flatten;

    public override IReadOnlyList<Signature> Signatures { get; } = [new(1, 1, 1, Int("axis"))];

    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs)
    {
        long axis = node.Attributes.Int("axis", 1);
        int at = axis == x.Rank ? x.Rank : OperatorRules.Axis(node, axis, x.Rank), rows = 1, columns = 1;
        for (int i = 0; i < x.Rank; i++)
            if (i < at) rows *= x[i];
            else columns *= x[i];
        return OperatorRules.ShapeOf(node, rows, columns);
    }
}

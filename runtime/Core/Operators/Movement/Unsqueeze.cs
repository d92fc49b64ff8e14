using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Inserts dimensions of size 1 so that they stand at the given axes of the output.</summary>
internal sealed class Unsqueeze : Reinterpret
{
    public override string OpType => OpTypes.Unsqueeze;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Ints("axes").Required()),
        new(13, 2, 2),
    ];

    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs)
    {
        var axes = inputs.ConstantInts(node, 1);
        int rank = x.Rank + axes.Length;
        var inserted = new bool[rank];
        foreach (long axis in axes)
        {
            int at = OperatorRules.Axis(node, axis, rank);
            if (inserted[at]) throw OperatorRules.Bad(node, $"axis {axis} is given twice");
            inserted[at] = true;
        }

        var shape = new int[rank];
        for (int i = 0, from = 0; i < rank; i++) shape[i] = inserted[i] ? 1 : x[from++];
        return OperatorRules.ShapeOf(node, shape);
    }
}

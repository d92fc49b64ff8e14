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

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var (x, axes) = (inputs[0].Shape, inputs[1]);
        int rank = x.Rank + axes.Shape.ElementCount;
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"its output would have rank {rank}; more than {MaxRank} is not supported");
        Span<bool> isInserted = stackalloc bool[MaxRank];
        isInserted.Clear();
        for (int i = 0; i < axes.Shape.ElementCount; i++)
        {
            int at = OperatorRules.Axis(node, axes.Integer(i), rank);
            if (isInserted[at]) throw OperatorRules.Bad(node, $"axis {axes.Integer(i)} is given twice");
            isInserted[at] = true;
        }

        for (int i = 0, from = 0; i < rank; i++) shape[i] = isInserted[i] ? 1 : x[from++];
        return rank;
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>Removes dimensions of size 1: the given axes, or all.</summary>
internal sealed class Squeeze : Reinterpret
{
    public override string OpType => OpTypes.Squeeze;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, Ints("axes")),
        new(13, 1, 2),
    ];

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var x = inputs[0].Shape;
        Span<bool> isRemoved = stackalloc bool[MaxRank];
        isRemoved.Clear();
        bool hasAxes = inputs.Length > 1 && inputs[1].IsPresent;
        for (int i = 0; !hasAxes && i < x.Rank; i++) isRemoved[i] = x[i] == 1;
        for (int i = 0; hasAxes && i < inputs[1].Shape.ElementCount; i++)
        {
            int axis = OperatorRules.Axis(node, inputs[1].Integer(i), x.Rank);
            if (x[axis] != 1) throw OperatorRules.Bad(node, $"dimension {axis} of {x} is not 1");
            isRemoved[axis] = true;
        }

        int rank = 0;
        for (int i = 0; i < x.Rank; i++)
            if (!isRemoved[i]) shape[rank++] = x[i];
        return rank;
    }
}

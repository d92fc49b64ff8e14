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

    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs)
    {
        var remove = new bool[x.Rank];
        if (inputs.Optional(1) is null)
        {
            for (int i = 0; i < x.Rank; i++) remove[i] = x[i] == 1;
        }
        else
        {
            foreach (long axis in inputs.ConstantInts(node, 1)) remove[OperatorRules.Axis(node, axis, x.Rank)] = true;
        }

        var shape = new List<int>();
        for (int i = 0; i < x.Rank; i++)
            if (!remove[i]) shape.Add(x[i]);
            else if (x[i] != 1) throw OperatorRules.Bad(node, $"dimension {i} of {x} is not 1");
        return OperatorRules.ShapeOf(node, shape.ToArray());
    }
}

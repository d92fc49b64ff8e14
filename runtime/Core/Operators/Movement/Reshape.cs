using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>To a constant shape; 0 keeps a dimension, one -1 is worked out.</summary>
internal sealed class Reshape : Reinterpret
{
    public override string OpType => OpTypes.Reshape;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(5, 2, 2),
        new(14, 2, 2, Int("allowzero")),
    ];

    protected override Shape NewShape(Node node, Shape x, ReadOnlySpan<InputType?> inputs)
    {
        var target = inputs.ConstantInts(node, 1);
        bool keepsZeros = node.Attributes.Int("allowzero", 0) != 0;
        var shape = new int[target.Length];
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < target.Length; i++)
        {
            if (target[i] is < -1 or > Shape.MaxElements) throw OperatorRules.Bad(node, $"a dimension of {target[i]}");
            if (target[i] == 0 && !keepsZeros && i >= x.Rank)
                throw OperatorRules.Bad(node, $"dimension {i} is to be kept, but the input has rank {x.Rank}");
            if (target[i] == -1 && unknown >= 0) throw OperatorRules.Bad(node, "two dimensions are -1");
            if (target[i] == -1) unknown = i;
            else known = Math.Min(Shape.MaxElements + 1, known * (shape[i] = target[i] == 0 && !keepsZeros ? x[i] : (int)target[i]));
        }

        if (unknown >= 0 && known > 0 && x.ElementCount % known == 0) known *= shape[unknown] = (int)(x.ElementCount / known);
        return known == x.ElementCount ? OperatorRules.ShapeOf(node, shape)
            : throw OperatorRules.Bad(node, $"an input of shape {x} cannot become {string.Join('x', target)}");
    }
}

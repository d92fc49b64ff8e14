using System.Globalization;
using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Movement;

/// <summary>To another shape; 0 keeps a dimension unless <c>allowzero</c>, one -1 is worked out.</summary>
internal sealed class Reshape : Reinterpret
{
    public override string OpType => OpTypes.Reshape;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(1, 1, 1, ConsumedInputs, Ints("shape")),
        new(5, 2, 2),
        new(14, 2, 2, Int("allowzero")),
    ];

    protected override int Dimensions(Node node, ReadOnlySpan<TensorView> inputs, Span<long> shape)
    {
        var (x, target) = (inputs[0].Shape, inputs[1]);
        int rank = target.Shape.ElementCount, unknown = -1;
        if (rank > MaxRank) throw OperatorRules.Bad(node, $"a shape of {rank} dimensions; more than {MaxRank} is not supported");
        bool keepsZeros = node.Attributes.Int("allowzero", 0) != 0;
        long known = 1;
        for (int i = 0; i < rank; i++)
        {
            long wanted = target.Integer(i);
            if (wanted is < -1 or > Shape.MaxElements) throw OperatorRules.Bad(node, $"a dimension of {wanted}");
            if (wanted == 0 && !keepsZeros && i >= x.Rank)
                throw OperatorRules.Bad(node, $"dimension {i} is to be kept, but the input has rank {x.Rank}");
            if (wanted == -1 && unknown >= 0) throw OperatorRules.Bad(node, "two dimensions are -1");
            shape[i] = wanted == -1 ? 0 : wanted == 0 && !keepsZeros ? x[i] : wanted;
            if (wanted == -1) unknown = i;
            else known = Math.Min(Shape.MaxElements + 1, known * shape[i]);
        }

        if (unknown >= 0 && known > 0 && x.ElementCount % known == 0) known *= shape[unknown] = x.ElementCount / known;
        return known == x.ElementCount ? rank : throw OperatorRules.Bad(node, $"an input of shape {x} cannot become {Words(target)}");
    }

    private static string Words(TensorView target)
    {
        var words = new string[target.Shape.ElementCount];
        for (int i = 0; i < words.Length; i++) words[i] = target.Integer(i).ToString(CultureInfo.InvariantCulture);
        return string.Join('x', words);
    }
}

using ResNetEdge.Model;
using ResNetEdge.Operators;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Passes.Conversions;

/// <summary>A cast to the type of another value, which is known here.</summary>
internal sealed class ConvertCastLike : Conversion
{
    /// <summary>The operator's name.</summary>
    public const string CastLike = "CastLike";

    public override string OpType => CastLike;

    public override IReadOnlyList<Signature> Signatures { get; } =
    [
        new(15, 2, 2),
        new(19, 2, 2, Int("saturate")), // of 8-bit floats, which are not supported
    ];

    public override bool Convert(Node node, int opset, KnownValues values)
    {
        values.Add(new Node(OpTypes.Cast, node.Name, [node.Inputs[0]], node.Outputs).With("to", (long)values.Of(node, node.Inputs[1]).Type));
        return true;
    }
}

using ResNetEdge.Model;
using static ResNetEdge.Operators.AttributeRule;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Bits moved to the left or right, with broadcasting; a number of bits beyond the type's leaves 0.</summary>
internal sealed class BitShift : Bitwise
{
    private const int MostBits = 64;

    public override string OpType => "BitShift";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(11, 2, 2, Text("direction").Required().Only("LEFT", "RIGHT"))];

    protected override ElementKinds Kinds => ElementKinds.Unsigned;

    protected override long Apply(Node node, long a, long b) =>
        (ulong)b >= MostBits ? 0 : node.Attributes.String("direction", "") == "LEFT" ? a << (int)b : a >>> (int)b;
}

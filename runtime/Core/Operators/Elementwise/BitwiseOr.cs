using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Or of each bit, with broadcasting.</summary>
internal sealed class BitwiseOr : Bitwise
{
    public override string OpType => "BitwiseOr";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 2, 2)];

    protected override long Apply(Node node, long a, long b) => a | b;
}

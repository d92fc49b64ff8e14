using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Xor of each bit, with broadcasting.</summary>
internal sealed class BitwiseXor : Bitwise
{
    public override string OpType => "BitwiseXor";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(18, 2, 2)];

    protected override long Apply(Node node, long a, long b) => a ^ b;
}

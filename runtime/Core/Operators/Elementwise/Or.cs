using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether one of two is true, element by element, with broadcasting.</summary>
internal sealed class Or : Bitwise
{
    public override string OpType => OpTypes.Or;

    public override IReadOnlyList<Signature> Signatures => SpreadWhenAsked;

    protected override ElementKinds Kinds => ElementKinds.Bool;

    protected override long Apply(Node node, long a, long b) => a | b;
}

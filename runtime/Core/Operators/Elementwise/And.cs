using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether both are true, element by element, with broadcasting.</summary>
internal sealed class And : Bitwise
{
    public override string OpType => OpTypes.And;

    public override IReadOnlyList<Signature> Signatures => SpreadWhenAsked;

    protected override ElementKinds Kinds => ElementKinds.Bool;

    protected override long Apply(Node node, long a, long b) => a & b;
}

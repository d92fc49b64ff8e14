using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether the first is less, with broadcasting.</summary>
internal sealed class Less : Comparison
{
    public override string OpType => OpTypes.Less;

    public override IReadOnlyList<Signature> Signatures => SpreadWhenAsked;

    protected override bool Holds(int order) => order < 0;
}

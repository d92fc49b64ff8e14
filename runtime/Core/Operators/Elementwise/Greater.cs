using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether the first is greater, with broadcasting.</summary>
internal sealed class Greater : Comparison
{
    public override string OpType => OpTypes.Greater;

    public override IReadOnlyList<Signature> Signatures => SpreadWhenAsked;

    protected override bool Holds(int order) => order > 0;
}

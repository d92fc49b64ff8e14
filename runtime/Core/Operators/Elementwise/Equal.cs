using ResNetEdge.Model;

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether two elements are equal, with broadcasting.</summary>
internal sealed class Equal : Comparison
{
    public override string OpType => OpTypes.Equal;

    public override IReadOnlyList<Signature> Signatures => SpreadWhenAsked;

    protected override ElementKinds Kinds => ElementKinds.All;

    protected override bool Holds(int order) => order == 0;
}

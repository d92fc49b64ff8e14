namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether the first is greater or both are equal, with broadcasting.</summary>
internal sealed class GreaterOrEqual : Comparison
{
    public override string OpType => "GreaterOrEqual";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(12, 2, 2)];

    protected override bool Holds(int order) => order >= 0;
}

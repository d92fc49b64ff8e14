namespace ResNetEdge.Operators.Elementwise;

/// <summary>Whether the first is less or both are equal, with broadcasting.</summary>
internal sealed class LessOrEqual : Comparison
{
    public override string OpType => "LessOrEqual";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(12, 2, 2)];

    protected override bool Holds(int order) => order <= 0;
}

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Inverse cosine, in radians.</summary>
internal sealed class Acos : FloatFunction
{
    public override string OpType => "Acos";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 1, 1)];

    protected override double Of(double x) => Math.Acos(x);
}

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Inverse sine, in radians.</summary>
internal sealed class Asin : FloatFunction
{
    public override string OpType => "Asin";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 1, 1)];

    protected override double Of(double x) => Math.Asin(x);
}

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Cosine of radians.</summary>
internal sealed class Cos : FloatFunction
{
    public override string OpType => "Cos";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 1, 1)];

    protected override double Of(double x) => Math.Cos(x);
}

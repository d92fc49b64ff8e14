namespace ResNetEdge.Operators.Elementwise;

/// <summary>Hyperbolic sine.</summary>
internal sealed class Sinh : FloatFunction
{
    public override string OpType => "Sinh";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override double Of(double x) => Math.Sinh(x);
}

namespace ResNetEdge.Operators.Elementwise;

/// <summary>Hyperbolic cosine.</summary>
internal sealed class Cosh : FloatFunction
{
    public override string OpType => "Cosh";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override double Of(double x) => Math.Cosh(x);
}

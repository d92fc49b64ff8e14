namespace ResNetEdge.Operators.Elementwise;

/// <summary>Inverse hyperbolic cosine.</summary>
internal sealed class Acosh : FloatFunction
{
    public override string OpType => "Acosh";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override double Of(double x) => Math.Acosh(x);
}

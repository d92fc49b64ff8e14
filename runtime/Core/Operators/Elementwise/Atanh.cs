namespace ResNetEdge.Operators.Elementwise;

/// <summary>Inverse hyperbolic tangent.</summary>
internal sealed class Atanh : FloatFunction
{
    public override string OpType => "Atanh";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override double Of(double x) => Math.Atanh(x);
}

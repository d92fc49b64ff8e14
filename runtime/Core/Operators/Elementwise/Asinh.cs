namespace ResNetEdge.Operators.Elementwise;

/// <summary>Inverse hyperbolic sine.</summary>
internal sealed class Asinh : FloatFunction
{
    public override string OpType => "Asinh";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(9, 1, 1)];

    protected override double Of(double x) => Math.Asinh(x);
}

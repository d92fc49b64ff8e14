namespace ResNetEdge.Operators.Elementwise;

/// <summary>Inverse tangent, in radians.</summary>
internal sealed class Atan : FloatFunction
{
    public override string OpType => "Atan";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 1, 1)];

    protected override double Of(double x) => Math.Atan(x);
}

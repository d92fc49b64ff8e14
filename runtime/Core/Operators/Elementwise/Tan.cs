namespace ResNetEdge.Operators.Elementwise;

/// <summary>Tangent of radians.</summary>
internal sealed class Tan : FloatFunction
{
    public override string OpType => "Tan";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 1, 1)];

    protected override double Of(double x) => Math.Tan(x);
}

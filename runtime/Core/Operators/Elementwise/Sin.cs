namespace ResNetEdge.Operators.Elementwise;

/// <summary>Sine of radians.</summary>
internal sealed class Sin : FloatFunction
{
    public override string OpType => "Sin";

    public override IReadOnlyList<Signature> Signatures { get; } = [new(7, 1, 1)];

    protected override double Of(double x) => Math.Sin(x);
}

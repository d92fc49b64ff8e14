namespace ResNetEdge.Steps;

/// <summary>A convolution whose input, residual and output are float32.</summary>
internal sealed record ConvFp32Problem() : ConvFloatProblem(sizeof(float))
{
    public override void Check() => ConvChecks.Check(this);
}

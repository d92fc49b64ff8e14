using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// A convolution whose input, residual and output are float16. Weights are rounded to float16 where they are packed; sums, bias and residual are
/// added in float32 or as exactly as the kernel states, and the result is rounded once.
/// </summary>
internal sealed record ConvFp16Problem() : ConvFloatProblem(HalfNumbers.Size)
{
    public override void Check()
    {
        ConvChecks.Check(this);
        if (HalfNumbers.FirstBeyond(Weights.Span) is >= 0 and var bad)
            throw EdgeException.BadInput(
                $"a weight of output channel {bad / Shape.Depth} is {Weights.Span[bad]}, beyond the {HalfNumbers.Largest} of float16");
    }
}

namespace ResNetEdge.Steps;

/// <summary>
/// Quantised residual add that was not fused into a convolution: f = (a - za)·ma; f = fma(b - zb, mb, f);
/// q = clamp(roundToEven(f) + OutputZeroPoint, Low, High). Any of the three may be the same buffer.
/// </summary>
internal sealed record AddInt8Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Left { get; init; }

    public required Placement Right { get; init; }

    public required Placement Output { get; init; }

    public byte LeftZeroPoint { get; init; }

    public byte RightZeroPoint { get; init; }

    /// <summary>Left scale / output scale.</summary>
    public required float LeftMultiplier { get; init; }

    /// <summary>Right scale / output scale.</summary>
    public required float RightMultiplier { get; init; }

    public byte OutputZeroPoint { get; init; }

    /// <summary>Lower clamp (ReLU: the output's zero point).</summary>
    public byte Low { get; init; }

    /// <summary>Upper clamp.</summary>
    public byte High { get; init; } = 255;

    public override void Check()
    {
        Left.Check("left", Shape, 1);
        Right.Check("right", Shape, 1);
        Output.Check("output", Shape, 1);
        if (Low > High)
            throw new ArgumentException("the lower clamp lies above the upper one");
        foreach (float multiplier in (ReadOnlySpan<float>)[LeftMultiplier, RightMultiplier])
        {
            if (!float.IsFinite(multiplier) || multiplier <= 0 || multiplier >= 1 << 22)
                throw EdgeException.BadInput($"the scale ratio of an add is {multiplier}; it must be positive and below 2^22");
        }
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Left = Left.Moved(places.Reads[0]),
        Right = Right.Moved(places.Reads[1]),
        Output = Output.Moved(places.Writes[0]),
    };
}

namespace ResNetEdge.Steps;

/// <summary>ONNX QuantizeLinear, float32 → u8, one scale: clamp(roundToEven(x / Scale) + ZeroPoint, 0, 255); NaN becomes 0.</summary>
internal sealed record QuantizeLinearProblem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    /// <summary>float32.</summary>
    public required Placement Input { get; init; }

    /// <summary>u8.</summary>
    public required Placement Output { get; init; }

    public required float Scale { get; init; }

    public byte ZeroPoint { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, 4);
        Output.Check("output", Shape, 1);
        ScaleChecks.Check(Scale);
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}

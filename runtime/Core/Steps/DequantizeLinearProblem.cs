namespace ResNetEdge.Steps;

/// <summary>ONNX DequantizeLinear, u8 → float32, one scale: (float)(x - ZeroPoint) · Scale.</summary>
internal sealed record DequantizeLinearProblem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    /// <summary>u8.</summary>
    public required Placement Input { get; init; }

    /// <summary>float32.</summary>
    public required Placement Output { get; init; }

    public required float Scale { get; init; }

    public byte ZeroPoint { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, 1);
        Output.Check("output", Shape, 4);
        ScaleChecks.Check(Scale);
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}

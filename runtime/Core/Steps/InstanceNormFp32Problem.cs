namespace ResNetEdge.Steps;

/// <summary>
/// Each channel of each picture normalised: y = (x - mean) / sqrt(variance + Epsilon) · Scale + Bias. Input and output may be the same buffer.
/// </summary>
internal sealed record InstanceNormFp32Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>A number for each channel.</summary>
    public required float[] Scale { get; init; }

    /// <summary>A number for each channel.</summary>
    public required float[] Bias { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, sizeof(float));
        Output.Check("output", Shape, sizeof(float));
        if (Scale.Length != Shape.Channels || Bias.Length != Shape.Channels)
            throw new ArgumentException($"{Scale.Length} scales and {Bias.Length} biases for {Shape.Channels} channels");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}

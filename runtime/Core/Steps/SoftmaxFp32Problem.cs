namespace ResNetEdge.Steps;

/// <summary>Softmax of each pixel's channels: e^(x - max) over the sum of it. Input and output may be the same buffer.</summary>
internal sealed record SoftmaxFp32Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, sizeof(float));
        Output.Check("output", Shape, sizeof(float));
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}

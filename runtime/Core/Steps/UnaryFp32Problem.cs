using ResNetEdge.Operators.Lanes;

namespace ResNetEdge.Steps;

/// <summary>A function of every float32 element: y = Function(x). Input and output may be the same buffer.</summary>
internal sealed record UnaryFp32Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    /// <summary>With its parameters; every kernel gives the bits of its <see cref="ElementFunction.Of"/>.</summary>
    public required ElementFunction Function { get; init; }

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

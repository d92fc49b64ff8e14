namespace ResNetEdge.Steps;

/// <summary>Float add that was not fused into a convolution: clamp(left + right, Low, High). Any of the three may be the same buffer.</summary>
internal sealed record AddFp32Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Left { get; init; }

    public required Placement Right { get; init; }

    public required Placement Output { get; init; }

    /// <summary>Lower clamp (ReLU: 0).</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>Upper clamp (ReLU6: 6).</summary>
    public float High { get; init; } = float.PositiveInfinity;

    public override void Check()
    {
        Left.Check("left", Shape, 4);
        Right.Check("right", Shape, 4);
        Output.Check("output", Shape, 4);
        if (!(Low <= High))
            throw new ArgumentException("the lower clamp lies above the upper one");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Left = Left.Moved(places.Reads[0]),
        Right = Right.Moved(places.Reads[1]),
        Output = Output.Moved(places.Writes[0]),
    };
}

namespace ResNetEdge.Steps;

/// <summary>
/// Add of floats that was not fused into a convolution: clamp(left + right, Low, High), rounded once. Any of the three may be the same buffer.
/// </summary>
/// <param name="ElementSize">Bytes of an element of all three.</param>
internal abstract record AddFloatProblem(int ElementSize) : StepProblem
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
        Left.Check("left", Shape, ElementSize);
        Right.Check("right", Shape, ElementSize);
        Output.Check("output", Shape, ElementSize);
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

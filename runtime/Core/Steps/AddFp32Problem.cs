namespace ResNetEdge.Steps;

/// <summary>Float add that was not fused into a convolution: clamp(left + right, Low, High). Any of the three may be the same buffer.</summary>
internal sealed record AddFp32Problem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Left { get; init; }

    public required Placement Right { get; init; }

    public required Placement Output { get; init; }

    /// <summary>Lower clamp (ReLU: 0).</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>Upper clamp (ReLU6: 6).</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <exception cref="ArgumentException">The plan is wrong.</exception>
    public void Check()
    {
        Left.Check("left", Shape, 4);
        Right.Check("right", Shape, 4);
        Output.Check("output", Shape, 4);
        if (!(Low <= High))
            throw new ArgumentException("the lower clamp lies above the upper one");
    }
}

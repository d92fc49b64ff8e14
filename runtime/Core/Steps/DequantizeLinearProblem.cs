namespace ResNetEdge.Steps;

/// <summary>ONNX DequantizeLinear, u8 → float32, one scale: (float)(x - ZeroPoint) · Scale.</summary>
internal sealed record DequantizeLinearProblem
{
    public required NhwcShape Shape { get; init; }

    /// <summary>u8.</summary>
    public required Placement Input { get; init; }

    /// <summary>float32.</summary>
    public required Placement Output { get; init; }

    public required float Scale { get; init; }

    public byte ZeroPoint { get; init; }

    /// <exception cref="EdgeException">Exit 3: the scale is not finite and positive.</exception>
    /// <exception cref="ArgumentException">The plan is wrong.</exception>
    public void Check()
    {
        Input.Check("input", Shape, 1);
        Output.Check("output", Shape, 4);
        ScaleChecks.Check(Scale);
    }
}

using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// An NHWC activation becomes a dense N C H W output: float32 or u8 as it is, or u8 dequantised to float32, (float)(x - ZeroPoint) · Scale.
/// </summary>
internal sealed record NhwcToNchwProblem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    /// <summary><see cref="ElementType.Float32"/> or <see cref="ElementType.UInt8"/>.</summary>
    public required ElementType InputType { get; init; }

    /// <summary>Offset in the arena of the dense [N][C][H][W].</summary>
    public required long OutputOffset { get; init; }

    /// <summary>The input's type, or float32 for a u8 input (dequantised).</summary>
    public required ElementType OutputType { get; init; }

    /// <summary>Dequantising only.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Dequantising only.</summary>
    public byte ZeroPoint { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, InputType.KernelSize());
        ScaleChecks.Check(Scale);
        if (OutputOffset < 0 || OutputOffset % OutputType.KernelSize() != 0)
            throw new ArgumentException($"the output lies at {OutputOffset}");
        if (InputType == ElementType.Float32 && OutputType != ElementType.Float32)
            throw new ArgumentException("a float input is not quantised while its layout changes");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        OutputOffset = OutputOffset + places.Writes[0],
    };
}

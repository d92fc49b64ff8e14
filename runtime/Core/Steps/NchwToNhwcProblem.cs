using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>
/// A dense N C H W value becomes an NHWC activation: float32 or u8 as it is, or float32 quantised to u8 as <see cref="Requantize.Quantize"/> says.
/// </summary>
internal sealed record NchwToNhwcProblem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    /// <summary>Offset in the arena of the dense [N][C][H][W].</summary>
    public required long InputOffset { get; init; }

    /// <summary><see cref="ElementType.Float32"/> or <see cref="ElementType.UInt8"/>.</summary>
    public ElementType InputType { get; init; } = ElementType.Float32;

    /// <summary>Channels between the shape's and PixelStride are left as they are.</summary>
    public required Placement Output { get; init; }

    /// <summary>The input's type, or u8 for a float32 input (quantised).</summary>
    public required ElementType OutputType { get; init; }

    /// <summary>Quantising only.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Quantising only.</summary>
    public byte ZeroPoint { get; init; }

    public override void Check()
    {
        Output.Check("output", Shape, OutputType.KernelSize());
        ScaleChecks.Check(Scale);
        if (InputOffset < 0 || InputOffset % InputType.KernelSize() != 0)
            throw new ArgumentException($"the input lies at {InputOffset}");
        if (InputType == ElementType.UInt8 && OutputType != ElementType.UInt8)
            throw new ArgumentException("a u8 input is not dequantised while its layout changes");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        InputOffset = InputOffset + places.Reads[0],
        Output = Output.Moved(places.Writes[0]),
    };
}

namespace ResNetEdge.Steps;

/// <summary>
/// One quantised convolution with everything fused into it: bias, requantisation, residual add, clamp. Activations u8, weights s8.
/// The arithmetic is defined in docs/int8-arithmetic.md and in the scalar kernel; every other kernel equals it bit for bit.
/// </summary>
internal sealed record ConvInt8Problem : StepProblem
{
    public required ConvShape Shape { get; init; }

    /// <summary>[outputChannels][groupInputChannels][kernelHeight][kernelWidth], as ONNX stores them.</summary>
    public required ReadOnlyMemory<sbyte> Weights { get; init; }

    /// <summary>[outputChannels]; without the zero point's share, which the kernel folds in.</summary>
    public required int[] Bias { get; init; }

    /// <summary>
    /// [outputChannels]; inputScale·weightScale/outputScale, or inputScale·weightScale when
    /// <see cref="FloatOutput"/>; with a <see cref="Branch"/> divided by its scale instead.
    /// </summary>
    public required float[] Multiplier { get; init; }

    public required byte InputZeroPoint { get; init; }

    public required Placement Input { get; init; }

    /// <summary>
    /// Offset in the arena of a read-only run of bytes that all hold <see cref="InputZeroPoint"/>, at least
    /// inputChannels + <see cref="Placement.ReadSlack"/> long; taps outside the picture read there.
    /// </summary>
    public required long PaddingOffset { get; init; }

    /// <summary>Dense in pixels (see <see cref="Placement.IsDense"/>), except that PixelStride may exceed the channels.</summary>
    public required Placement Output { get; init; }

    /// <summary>The shortcut added before the clamp, or null.</summary>
    public ResidualInt8? Residual { get; init; }

    /// <summary>
    /// What the model rounds and clamps the convolution's result to before it adds <see cref="Residual"/>, or null; never without a residual.
    /// </summary>
    public BranchInt8? Branch { get; init; }

    /// <summary>True: the result is dequantised to float32 (logits); false: requantised to u8.</summary>
    public bool FloatOutput { get; init; }

    public byte OutputZeroPoint { get; init; }

    /// <summary>Lower clamp of the u8 result (ReLU: the output's zero point).</summary>
    public byte Low { get; init; }

    /// <summary>Upper clamp of the u8 result (ReLU6: where six lies; else 255).</summary>
    public byte High { get; init; } = 255;

    /// <summary>Lower clamp of a float result (ReLU: 0).</summary>
    public float FloatLow { get; init; } = float.NegativeInfinity;

    /// <summary>Upper clamp of a float result.</summary>
    public float FloatHigh { get; init; } = float.PositiveInfinity;

    public override void Check() => ConvChecks.Check(this);

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Residual = Residual is null ? null : Residual with { Placement = Residual.Placement.Moved(places.Reads[1]) },
        PaddingOffset = PaddingOffset + places.Padding,
        Output = Output.Moved(places.Writes[0]),
    };
}

/// <summary>
/// A quantised shortcut: u8, same pixels and channels as the output, dense in pixels; may be the output's own buffer (in-place add).
/// </summary>
/// <param name="Placement">Where it lies.</param>
/// <param name="ZeroPoint">Its zero point.</param>
/// <param name="Scale">Its scale divided by the output's scale (or its own scale when the output is float).</param>
internal sealed record ResidualInt8(Placement Placement, byte ZeroPoint, float Scale);

/// <summary>
/// QuantizeLinear → DequantizeLinear between a convolution and the Add that it is fused with: f = clamp(roundToEven(sum·multiplier), Low,
/// High)·Scale. The range may do a Relu's or Clip's work, so that it cannot be left out.
/// </summary>
/// <param name="Low">0 - zero point: a whole number.</param>
/// <param name="High">255 - zero point: a whole number.</param>
/// <param name="Scale">The DequantizeLinear's scale / the output's scale (or the former alone when the output is float).</param>
internal sealed record BranchInt8(float Low, float High, float Scale);

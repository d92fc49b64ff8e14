namespace ResNetEdge.Steps;

/// <summary>One float convolution with bias, residual add and clamp fused into it: y = clamp(conv(x) + bias [+ residual], Low, High).</summary>
internal sealed record ConvFp32Problem : StepProblem
{
    public required ConvShape Shape { get; init; }

    /// <summary>[outputChannels][groupInputChannels][kernelHeight][kernelWidth], as ONNX stores them.</summary>
    public required ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>[outputChannels].</summary>
    public required float[] Bias { get; init; }

    public required Placement Input { get; init; }

    /// <summary>Offset in the arena of a read-only run of zeros, at least 4·inputChannels + <see cref="Placement.ReadSlack"/> bytes long.</summary>
    public required long PaddingOffset { get; init; }

    /// <summary>Dense in pixels, except that PixelStride may exceed the channels' bytes.</summary>
    public required Placement Output { get; init; }

    /// <summary>Float32 shortcut, same pixels and channels as the output, dense in pixels, or null; may be the output's own buffer.</summary>
    public Placement? Residual { get; init; }

    /// <summary>Lower clamp (ReLU: 0).</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>Upper clamp (ReLU6: 6).</summary>
    public float High { get; init; } = float.PositiveInfinity;

    public override void Check() => ConvChecks.Check(this);

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Residual = Residual?.Moved(places.Reads[1]),
        PaddingOffset = PaddingOffset + places.Padding,
        Output = Output.Moved(places.Writes[0]),
    };
}

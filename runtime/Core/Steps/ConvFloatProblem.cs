namespace ResNetEdge.Steps;

/// <summary>
/// One convolution of float activations with bias, residual add and clamp fused into it: y = clamp(conv(x) + bias [+ residual], Low, High).
/// </summary>
/// <param name="ElementSize">Bytes of an element of input, residual and output.</param>
internal abstract record ConvFloatProblem(int ElementSize) : StepProblem
{
    public required ConvShape Shape { get; init; }

    /// <summary>[outputChannels][groupInputChannels][kernelHeight][kernelWidth], as ONNX stores them.</summary>
    public required ReadOnlyMemory<float> Weights { get; init; }

    /// <summary>[outputChannels].</summary>
    public required float[] Bias { get; init; }

    public required Placement Input { get; init; }

    /// <summary>Offset in the arena of a read-only run of zeros, <see cref="ConvChecks.PaddingBytes"/> long.</summary>
    public required long PaddingOffset { get; init; }

    /// <summary>Dense in pixels, except that PixelStride may exceed the channels' bytes.</summary>
    public required Placement Output { get; init; }

    /// <summary>Shortcut of the same type, pixels and channels as the output, dense in pixels, or null; may be the output's own buffer.</summary>
    public Placement? Residual { get; init; }

    /// <summary>Lower clamp (ReLU: 0).</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>Upper clamp (ReLU6: 6).</summary>
    public float High { get; init; } = float.PositiveInfinity;

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Residual = Residual?.Moved(places.Reads[1]),
        PaddingOffset = PaddingOffset + places.Padding,
        Output = Output.Moved(places.Writes[0]),
    };
}

namespace ResNetEdge.Steps;

/// <summary>
/// Each pixel's channels normalised: y = (x - mean) / sqrt(variance + Epsilon) · Scale + Bias, or without <see cref="Centers"/>
/// y = x / sqrt(mean of squares + Epsilon) · Scale + Bias. Input and output may be the same buffer.
/// </summary>
internal sealed record NormalizeFp32Problem : StepProblem
{
    public required NhwcShape Shape { get; init; }

    public required Placement Input { get; init; }

    public required Placement Output { get; init; }

    /// <summary>Whether the mean is taken out (LayerNormalization), or not (root mean square).</summary>
    public required bool Centers { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>A number for each channel; with <see cref="IsPerPixel"/> one for each pixel, counted round as many as there are.</summary>
    public required float[] Scale { get; init; }

    /// <summary>As many.</summary>
    public required float[] Bias { get; init; }

    /// <summary>Whether scale and bias hold for whole pixels: InstanceNormalization, whose pictures are read row-major.</summary>
    public bool IsPerPixel { get; init; }

    public override void Check()
    {
        Input.Check("input", Shape, sizeof(float));
        Output.Check("output", Shape, sizeof(float));
        if (Scale.Length != Bias.Length || Scale.Length == 0 || (!IsPerPixel && Scale.Length != Shape.Channels))
            throw new ArgumentException($"{Scale.Length} scales and {Bias.Length} biases for {Shape.Channels} channels");
    }

    protected override StepProblem Move(StepPlaces places) => this with
    {
        Input = Input.Moved(places.Reads[0]),
        Output = Output.Moved(places.Writes[0]),
    };
}

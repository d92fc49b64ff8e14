namespace ResNetEdge.Exporter.Quantization;

/// <summary>What a quantisation does beyond choosing ranges and rounding to the nearest step; all of it by default.</summary>
[Flags]
internal enum QuantizationSteps
{
    /// <summary>Plain quantisation without any of the steps.</summary>
    None = 0,

    /// <summary>Pictures are quantised to their own pixel values (<see cref="Quantization.Pixels.PixelInput"/>).</summary>
    Pixels = 1,

    /// <summary>Channels are equalised (<see cref="ChannelEqualization"/>).</summary>
    Equalize = 2,

    /// <summary>What meets in an add gets one scale (<see cref="ResidualScales"/>).</summary>
    Align = 4,

    /// <summary>Weights of a channel are rounded together (<see cref="Rounding.NearestPlane"/>).</summary>
    Round = 8,

    /// <summary>All steps, which is the default.</summary>
    All = Pixels | Equalize | Align | Round,
}

namespace ResNetEdge.Plans.Fusions;

/// <summary>Which inputs a convolution of stride 1 reads for an output at q: q + First, and every Dilation-th from there on.</summary>
/// <param name="First">Shift of the first tap, at most 0.</param>
/// <param name="Taps">Inputs read.</param>
/// <param name="Dilation">From one to the next.</param>
internal readonly record struct SubPixelWindow(int First, int Taps, int Dilation)
{
    /// <summary>Shift of a tap.</summary>
    public int Shift(int tap) => First + tap * Dilation;
}

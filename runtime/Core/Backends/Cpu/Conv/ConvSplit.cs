namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>What one part of a convolution computes: a rectangle of output pixels and panels.</summary>
internal readonly record struct ConvSplit(int PixelStart, int PixelEnd, int PanelStart, int PanelEnd)
{
    /// <summary>
    /// Divides by panels where the weights outweigh the activations (each thread then reads its own weights only), else by pixels in
    /// whole tiles.
    /// </summary>
    /// <param name="pixels">Output pixels.</param>
    /// <param name="panels">Panels of output channels.</param>
    /// <param name="tile">Pixels of a tile.</param>
    /// <param name="weightsDominate">Weights are more bytes than input and output.</param>
    /// <param name="part">0 .. parts-1.</param>
    /// <param name="parts">At least 1.</param>
    public static ConvSplit Of(int pixels, int panels, int tile, bool weightsDominate, int part, int parts)
    {
        bool byPanels = parts > 1 && panels >= parts && (weightsDominate || pixels < parts * tile);
        var (start, end) = byPanels ? KernelPart.Range(panels, part, parts) : KernelPart.Range(pixels, part, parts, tile);
        return byPanels ? new ConvSplit(0, pixels, start, end) : new ConvSplit(start, end, 0, panels);
    }
}

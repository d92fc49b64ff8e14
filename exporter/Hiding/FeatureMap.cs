namespace ResNetEdge.Exporter.Hiding;

/// <summary>One picture's activations at one value, as the engine gave them.</summary>
/// <param name="Values">[Channels][Height][Width].</param>
/// <param name="Channels">C, the outermost dimension.</param>
/// <param name="Height">Rows of each channel.</param>
/// <param name="Width">Columns of each row.</param>
internal readonly record struct FeatureMap(ReadOnlyMemory<float> Values, int Channels, int Height, int Width)
{
    /// <summary>Pixels of one channel.</summary>
    public int Pixels => Height * Width;
}

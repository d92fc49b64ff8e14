namespace ResNetEdge.Steps;

/// <summary>Sizes of an NHWC activation.</summary>
internal readonly record struct NhwcShape(int Batch, int Height, int Width, int Channels)
{
    /// <summary>Rows of all pictures together.</summary>
    public int Rows => Batch * Height;

    public long Elements => (long)Rows * Width * Channels;
}

namespace ResNetEdge.Exporter.Architectures;

/// <summary>How a block samples its input.</summary>
/// <param name="Stride">Of the block: 1, or 2 at the begin of a stage.</param>
/// <param name="FirstDilation">Of the convolution that strides or would: in the first block of a dilated stage still the stage's before.</param>
/// <param name="Dilation">Of the 3x3 convolutions behind it.</param>
internal readonly record struct BlockPlace(int Stride, int FirstDilation, int Dilation)
{
    /// <summary>The place of the blocks behind the stage's first.</summary>
    public BlockPlace Next => new(1, Dilation, Dilation);
}

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>An output row of a depthwise convolution: what its taps read, and where it goes.</summary>
internal unsafe struct DepthwiseRow
{
    /// <summary>First input row that a tap reads, column 0, channel 0.</summary>
    public byte* Input;

    /// <summary>What is read left and right of the picture.</summary>
    public byte* Zeros;

    /// <summary>First pixel, channel 0.</summary>
    public byte* Output;

    /// <summary>The same of the residual, or null.</summary>
    public byte* Residual;

    /// <summary>Taps above the picture.</summary>
    public int FirstTap;

    /// <summary>Filter rows inside the picture.</summary>
    public int Taps;
}

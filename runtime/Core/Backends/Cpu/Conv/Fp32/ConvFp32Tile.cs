namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>What a tile of the intrinsic fp32 kernel reads and writes.</summary>
internal unsafe struct ConvFp32Tile
{
    /// <summary>Arena, moved to the group's first channel.</summary>
    public byte* Input;

    /// <summary>[tap], <see cref="TapPitch"/> apart; entries for the tile's pixels follow each other.</summary>
    public uint* Offsets;

    public int TapPitch, Taps, TapLength, Rows;

    /// <summary>Of the tile's first pixel and the panel's first channel; the residual is null when there is none.</summary>
    public byte* Output, Residual;

    public long OutputStride, ResidualStride;

    /// <summary>[16] of the panel.</summary>
    public float* Bias;

    /// <summary>Channels of the panel that exist, 1..16.</summary>
    public int Count;

    public float Low, High;
}

using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>What a tile of the intrinsic int8 kernels reads and writes.</summary>
internal unsafe struct ConvInt8Tile
{
    /// <summary>Arena, moved to the group's first channel.</summary>
    public byte* Input;

    /// <summary>[tap], <see cref="TapPitch"/> apart; entries for the tile's pixels follow each other.</summary>
    public uint* Offsets;

    public int TapPitch, Taps, Steps, Rows;

    /// <summary>Output and residual of the tile's first pixel and the panel's first channel.</summary>
    public byte* Output, Residual;

    public long OutputStride, ResidualStride;

    /// <summary>[16] of the panel.</summary>
    public int* Bias;

    /// <summary>[16] of the panel.</summary>
    public float* Multiplier;

    /// <summary>Channels of the panel that exist, 1..16.</summary>
    public int Count;

    public int OutputZeroPoint, Low, High, ResidualZeroPoint;

    public float ResidualScale, FloatLow, FloatHigh;

    /// <summary>See <see cref="BranchInt8"/>, the bounds plus <see cref="Requantize.Rounding"/>; read only where the problem has one.</summary>
    public float BranchLow, BranchHigh, BranchScale;

    /// <summary>What follows from the problem alone; without a residual or branch their fields stay zero, and nothing reads them.</summary>
    public static ConvInt8Tile Of(ConvInt8Problem p) => new()
    {
        OutputZeroPoint = p.OutputZeroPoint,
        Low = p.Low,
        High = p.High,
        FloatLow = p.FloatLow,
        FloatHigh = p.FloatHigh,
        ResidualZeroPoint = p.Residual?.ZeroPoint ?? 0,
        ResidualScale = p.Residual?.Scale ?? 0,
        BranchLow = Requantize.Rounding + (p.Branch?.Low ?? 0),
        BranchHigh = Requantize.Rounding + (p.Branch?.High ?? 0),
        BranchScale = p.Branch?.Scale ?? 0,
    };
}

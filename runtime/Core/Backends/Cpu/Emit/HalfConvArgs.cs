using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What the emitted products in half precision read: the contract between C# and the machine code, compiled into both the runtime and the generator,
/// so that field offsets have one definition. The kernel changes nothing here.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfConvArgs
{
    /// <summary>Rows (pixels) of the highest tile, channels of a panel, and elements of a block of each.</summary>
    public const int Rows = 8, Lanes = 16, Block = 8;

    /// <summary>[tile][block of K][row][8] halves; a row of zeros where K ends within a block.</summary>
    public byte* Inputs;

    /// <summary>[K in whole blocks][16] halves.</summary>
    public byte* Weights;

    /// <summary>[16] halves, which sums start from.</summary>
    public byte* Bias;

    /// <summary>First row of the first tile, first channel of the panel; and the same of the residual, or null.</summary>
    public byte* Output, Residual;

    /// <summary>Bytes from one row to the next.</summary>
    public long OutputStride, ResidualStride;

    /// <summary>Tiles to do, at least 1.</summary>
    public long Tiles;

    /// <summary>Sums in half precision that are added in float32, before the last one; 0 where there is only one.</summary>
    public long Chains;

    /// <summary>Blocks of each of these, and of the last one; at least 1.</summary>
    public long ChainBlocks, LastBlocks;

    /// <summary>The clamp, eight times.</summary>
    public HalfVector Low, High;
}

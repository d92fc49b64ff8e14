using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>What an emitted kernel that goes along rows reads: the contract between C# and the machine code, see <see cref="ConvArgs"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RowConvArgs
{
    /// <summary>Output rows to do, <see cref="LineCount"/> of them.</summary>
    public RowConvLine* Lines;

    /// <summary>Tiles of every row, <see cref="TileCount"/> of them.</summary>
    public RowConvTile* Tiles;

    /// <summary>Arena, moved to the first input channel of the first panel.</summary>
    public byte* Input;

    /// <summary>Arena, moved to the first output channel of the first panel.</summary>
    public byte* Output;

    /// <summary>[panel][filter row][input channel][filter column][16], beginning with the first panel's.</summary>
    public float* Weights;

    /// <summary>[panel][16].</summary>
    public float* Bias;

    /// <summary>[channel][16]: the lane of the input that a lane of the output takes; permuted only.</summary>
    public int* Permutations;

    /// <summary>Bytes from one input column to the next.</summary>
    public long InputStride;

    /// <summary>Bytes of input from one filter row to the next.</summary>
    public long NextRow;

    /// <summary>Bytes from one output pixel to the next.</summary>
    public long OutputStride;

    /// <summary>Bytes of weights from one panel to the next.</summary>
    public long NextPanel;

    /// <summary>Channels of the last panel that exist, one bit each.</summary>
    public ulong LastMask;

    /// <summary>At least 1; the kernel counts it down.</summary>
    public int LineCount;

    /// <summary>At least 1.</summary>
    public int TileCount;

    /// <summary>Panels of 16 output channels, at least 1; their inputs follow each other like their outputs.</summary>
    public int PanelCount;

    /// <summary>Blocks of a group's input channels, at least 1; not for depthwise filters.</summary>
    public int Blocks;

    /// <summary>Lower clamp.</summary>
    public float Low;

    /// <summary>Upper clamp.</summary>
    public float High;
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>Some pixels of an output row that are computed together, the same in every row.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RowConvTile
{
    /// <summary>Most columns on each side that may lie outside the picture.</summary>
    public const int MaskedColumns = 3;

    /// <summary>Bytes from column 0 of an input row to the first column that the tile reads; may be negative.</summary>
    public long Input;

    /// <summary>Bytes from the row's first pixel to the tile's.</summary>
    public long Output;

    /// <summary>Of the first half of a filter's columns, then of the last: all ones, or zero for a column outside the picture.</summary>
    public fixed ulong Masks[2 * MaskedColumns];
}

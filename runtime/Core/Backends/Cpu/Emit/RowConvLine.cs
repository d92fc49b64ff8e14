using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>An output row of a convolution that goes along rows: where it lies and what it reads.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RowConvLine
{
    /// <summary>Bytes from the arena's base to column 0 of the first input row that a filter row reads.</summary>
    public long Input;

    /// <summary>Bytes from the arena's base to its first pixel.</summary>
    public long Output;

    /// <summary>Bytes of a panel's weights before the first filter row inside the picture.</summary>
    public long Weights;

    /// <summary>Filter rows inside the picture, may be 0.</summary>
    public long FilterRows;
}

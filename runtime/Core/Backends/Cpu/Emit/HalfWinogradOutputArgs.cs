using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What the emitted transform of a tile's outputs in half precision reads, for 16 channels: y = clamp(sum + bias [+ residual], Low, High). Compiled
/// into both the runtime and the generator.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfWinogradOutputArgs
{
    /// <summary>The tile's product 0, and bytes from one product to the next.</summary>
    public byte* Products;

    public long ProductPitch;

    /// <summary>[16] halves.</summary>
    public byte* Bias;

    /// <summary>Of the tile's first pixel and the panel's first channel; the residual is null when there is none.</summary>
    public byte* Output, Residual;

    /// <summary>Bytes from one row to the next, and from one pixel to its right neighbour.</summary>
    public long RowStride, PixelStride, ResidualRowStride;

    /// <summary>Bytes from the first pixel of the residual to the others, or to the last one that exists.</summary>
    public long Residual1, Residual2, Residual3;

    /// <summary>Rows that lie in the picture, and one bit for each column beside the first that does.</summary>
    public long Height, Beside;

    /// <summary>The clamp, eight times.</summary>
    public HalfVector Low, High;
}

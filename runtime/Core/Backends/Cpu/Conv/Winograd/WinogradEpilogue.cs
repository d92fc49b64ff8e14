using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>What happens to the outputs of one tile and panel: y = clamp(sum + bias [+ residual], Low, High), for the pixels that exist.</summary>
/// <remarks>The emitted transforms read it too: it is compiled into the generator as well, so that field offsets have one definition.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WinogradEpilogue
{
    /// <summary>[panel width].</summary>
    public float* Bias;

    /// <summary>Of the tile's first pixel and the panel's first channel; the residual is null when there is none.</summary>
    public byte* Output, Residual;

    /// <summary>Bytes from one pixel to its right neighbour, and from one row to the next.</summary>
    public long PixelStride, RowStride, ResidualPixelStride, ResidualRowStride;

    /// <summary>Pixels of the tile that lie in the picture.</summary>
    public int Height, Width;

    /// <summary>Channels of the panel that exist, and one bit for each.</summary>
    public int Count;

    public ulong Mask;

    public float Low, High;
}

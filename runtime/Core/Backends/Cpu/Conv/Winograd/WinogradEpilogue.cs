using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>Finishes the pixel (y, x) of the tile for eight lanes; nothing where it lies outside the picture.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(Vector256<float> sum, int y, int x, int lane)
    {
        if (x >= Width)
            return;
        // May read past the last channel (ReadSlack), never writes there.
        if (Residual != null)
            sum += Vector256.Load((float*)(Residual + y * ResidualRowStride + x * ResidualPixelStride) + lane);
        sum = Avx.Min(Vector256.Create(High), Avx.Max(Vector256.Create(Low), sum)); // In this order a NaN stays.
        float* output = (float*)(Output + y * RowStride + x * PixelStride) + lane;
        if (Count - lane >= Vector256<float>.Count)
            sum.Store(output);
        else
            Avx.MaskStore(output, Vector256.GreaterThan(Vector256.Create(Count - lane), Vector256<int>.Indices).AsSingle(), sum);
    }
}

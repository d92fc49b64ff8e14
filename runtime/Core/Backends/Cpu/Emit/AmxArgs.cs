using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What an emitted AMX kernel reads: one block of pixels × one panel, one stretch of the products. Compiled into runtime and generator alike.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AmxArgs
{
    /// <summary>
    /// For the epilogue, and first in memory because it finds its fields there; offsets, base, taps and blocks are not used, Tiles counts pixels.
    /// </summary>
    public ConvArgs Conv;

    /// <summary>First pixel's u8: <see cref="Steps"/>·64 bytes in a row.</summary>
    public byte* Activations;

    /// <summary>Bytes from one pixel to the next.</summary>
    public long ActivationStride;

    /// <summary>Bytes from the first tile's first pixel to the second tile's.</summary>
    public long SecondTile;

    /// <summary>[pixel][width] s32 that sums start from: the bias, or what earlier stretches have summed.</summary>
    public int* Start;

    /// <summary>Bytes from one pixel's row of <see cref="Start"/> to the next; 0 for the bias.</summary>
    public long StartStride;

    /// <summary>Bytes from the first tile's row of <see cref="Start"/> to the second tile's; 0 for the bias.</summary>
    public long StartSecondTile;

    /// <summary>[pixel][width] s32, where sums go between stretches and before the epilogue.</summary>
    public int* Sums;

    /// <summary>Bytes from the first tile's row of <see cref="Sums"/> to the second tile's.</summary>
    public long SumsSecondTile;

    /// <summary>Steps of 64 products, at least 1.</summary>
    public int Steps;

    /// <summary>Not 0 when this is the last stretch: sums go through the epilogue.</summary>
    public int IsLast;
}

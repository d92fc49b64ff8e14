using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What an emitted convolution kernel reads: the contract between C# and the machine code, compiled into both the runtime and the
/// generator, so that field offsets have one definition. The kernel changes nothing here.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ConvArgs
{
    /// <summary>
    /// [tap], <see cref="TapPitch"/> bytes apart: offsets of input pixels from <see cref="Base"/>, beginning with the first tile's first pixel.
    /// </summary>
    public uint* Offsets;

    /// <summary>Arena, moved to the group's first channel and back by <see cref="Skip"/>·4 bytes.</summary>
    public byte* Base;

    /// <summary>One panel: [tap][step][width] of four s8 or one float.</summary>
    public void* Weights;

    /// <summary>[width] s32 or float; accumulators start from it.</summary>
    public void* Bias;

    /// <summary>[width], int8 only.</summary>
    public float* Multiplier;

    /// <summary>First pixel of the first tile, first channel of the panel.</summary>
    public byte* Output;

    /// <summary>The same pixel and channel of the residual, or null.</summary>
    public byte* Residual;

    /// <summary>Bytes from one pixel to the next.</summary>
    public long OutputStride;

    /// <summary>Bytes from one pixel to the next; 0 without a residual.</summary>
    public long ResidualStride;

    /// <summary>Bytes from one tap's offsets to the next tap's.</summary>
    public long TapPitch;

    /// <summary>Bytes from this panel's weights to those wanted next, fetched into the second cache meanwhile; 0 if none.</summary>
    public long Ahead;

    /// <summary>Channels of the panel that exist, one bit each.</summary>
    public ulong Mask;

    /// <summary>Tiles to do, at least 1.</summary>
    public int Tiles;

    /// <summary>At least 1.</summary>
    public int Taps;

    /// <summary>Blocks of four steps for each tap, at least 1.</summary>
    public int Blocks;

    /// <summary>Steps of the first block that are left out, 0..3, so that nothing is padded to whole blocks.</summary>
    public int Skip;

    /// <summary>
    /// int8: not 0 when output and residual zero point and lower clamp are 0 and the upper clamp is
    /// 255, so that saturation is all the clamping there is.
    /// </summary>
    public int IsPlain;

    /// <summary>int8: output zero point.</summary>
    public int OutputZeroPoint;

    /// <summary>int8: residual zero point.</summary>
    public int ResidualZeroPoint;

    /// <summary>int8: residual scale / output scale.</summary>
    public float ResidualScale;

    /// <summary>int8: not 0 when the sums are rounded and clamped before the residual is added.</summary>
    public int HasBranch;

    /// <summary>int8: see <c>Requantize.Branch</c>; the bounds plus the first of them.</summary>
    public float Rounding, BranchLow, BranchHigh, BranchScale;

    /// <summary>int8: lower clamp in the lowest byte. fp32: a float.</summary>
    public int Low;

    /// <summary>int8: the upper clamp in every byte. fp32: a float in the first four.</summary>
    public fixed byte High[64];
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What the emitted depthwise convolutions in half precision read, for one or four pixels of a row and all channels. Compiled into both the runtime
/// and the generator.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfDepthwiseArgs
{
    /// <summary>Pixels that are done together where no tap lies beside the picture.</summary>
    public const int Pixels = 4;

    /// <summary>The first pixel of the first filter row that lies in the picture, channel 0.</summary>
    public byte* Input;

    /// <summary>[channel / 8][tap][8] halves, moved to the first tap; and [channel] halves.</summary>
    public byte* Weights, Bias;

    /// <summary>First pixel, channel 0; the residual is null when there is none.</summary>
    public byte* Output, Residual;

    /// <summary>Bytes from one input pixel and from one filter row to the next.</summary>
    public long PixelStride, RowStride;

    public long OutputStride, ResidualStride;

    /// <summary>Bytes from the weights of one filter row, and of eight channels, to the next.</summary>
    public long WeightRow, WeightPitch;

    /// <summary>Filter rows in the picture, 0 or more; and columns, at least 1, for the kernel of one pixel.</summary>
    public long Rows, Columns;

    /// <summary>Eights of channels, at least 1.</summary>
    public long Vectors;

    /// <summary>The clamp, eight times.</summary>
    public HalfVector Low, High;
}

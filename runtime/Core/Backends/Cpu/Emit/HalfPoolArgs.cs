using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>
/// What the emitted pools in half precision read, for one window and all channels. Compiled into both the runtime and the generator.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfPoolArgs
{
    /// <summary>Channels of a vector: the fewest that there may be.</summary>
    public const int Lanes = 8;

    /// <summary>Channel 0 of the first tap inside the picture, and of the output pixel.</summary>
    public byte* Window, Output;

    /// <summary>Bytes from a tap to the one below it and to its right neighbour.</summary>
    public long Down, Right;

    /// <summary>Taps inside the picture, at least 1.</summary>
    public long Rows, Columns;

    /// <summary>At least <see cref="Lanes"/>.</summary>
    public long Channels;

    /// <summary>What an average divides by.</summary>
    public float Count;
}

using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>What the emitted transform of a tile's inputs in half precision reads; compiled into both the runtime and the generator.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HalfWinogradInputArgs
{
    /// <summary>Vectors of channels that go through the buffer together.</summary>
    public const int Chunk = 8;

    /// <summary>What offsets count from, and [product] the offsets of the tile's pixels.</summary>
    public byte* Arena;

    public uint* Offsets;

    /// <summary>Receives the first eight channels of product 0.</summary>
    public byte* To;

    /// <summary>Bytes to the next eight channels, and to the next product.</summary>
    public long Next, ProductPitch;

    /// <summary>Eights of channels, at least 1.</summary>
    public long Vectors;

    /// <summary>[<see cref="Chunk"/>][product][8] halves.</summary>
    public byte* Buffer;
}

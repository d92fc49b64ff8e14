using System.Runtime.InteropServices;

namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>What the emitted input transform of Winograd's method reads; compiled into both the runtime and the generator.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WinogradInputArgs
{
    /// <summary>Base of the offsets.</summary>
    public byte* Arena;

    /// <summary>[tile][product]: the tiles' pixels.</summary>
    public uint* Offsets;

    /// <summary>Receives product 0 of the first tile.</summary>
    public float* Transformed;

    /// <summary>Bytes from one product to the next.</summary>
    public long Pitch;

    /// <summary>Bytes from one tile to the next.</summary>
    public long TilePitch;

    /// <summary>Vectors of 16 channels, at least 1.</summary>
    public int Vectors;

    /// <summary>At least 1; the kernel counts it down to 0.</summary>
    public int Tiles;
}

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Tiles to be transformed together.</summary>
internal unsafe struct WinogradBlock
{
    /// <summary>Base of the offsets.</summary>
    public byte* Arena;

    /// <summary>[tile][product]: the tiles' pixels.</summary>
    public uint* Offsets;

    public int Tiles, Channels;

    /// <summary>Receives [tile][product][channel], <see cref="TilePitch"/> and <see cref="Pitch"/> elements apart.</summary>
    public float* Transformed;

    public nint TilePitch, Pitch;
}

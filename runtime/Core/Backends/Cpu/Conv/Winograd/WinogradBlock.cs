namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Tiles to be transformed together.</summary>
internal unsafe struct WinogradBlock
{
    /// <summary>Base of the offsets.</summary>
    public byte* Arena;

    /// <summary>[tile][product]: the tiles' pixels.</summary>
    public uint* Offsets;

    public int Tiles, Channels;

    /// <summary>
    /// Receives [tile][product][channel], <see cref="TilePitch"/> and <see cref="Pitch"/> elements apart. Tiles whose vectors of channels
    /// take turns lie in a group of as many tile pitches.
    /// </summary>
    public float* Transformed;

    public nint TilePitch, Pitch;

    /// <summary><see cref="WinogradBlocking.Interleaved"/>.</summary>
    public int Interleaved;

    /// <summary>The first vector of a tile; the next one is <see cref="Interleaved"/> vectors further.</summary>
    /// <param name="tile">Of the block.</param>
    /// <param name="lanes">Channels of a vector.</param>
    public readonly float* Of(int tile, int lanes)
    {
        int within = tile % Interleaved;
        return Transformed + (tile - within) * TilePitch + within * lanes;
    }
}

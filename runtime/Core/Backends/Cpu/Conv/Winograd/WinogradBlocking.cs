namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>How the tiles of a convolution are cut into blocks and laid out for a tier's matrix product.</summary>
/// <param name="InputBytes">Transformed inputs of a block at most, unless one row of tiles is larger.</param>
/// <param name="TileRows">Blocks are a multiple of the product's rows.</param>
/// <param name="WholeTiles">The product always reads and writes whole rows of tiles, so that a block has room for them.</param>
/// <param name="Interleaved">Tiles whose vectors of channels take turns in memory: 1, or the product's rows.</param>
/// <param name="Strip">Channels of a panel whose weights lie together.</param>
internal readonly record struct WinogradBlocking(int InputBytes, int TileRows, bool WholeTiles, int Interleaved, int Strip)
{
    /// <summary>
    /// AVX2 and AVX-512. About what a second-level cache of 1 MiB holds, and 16 tiles of 512 channels. Smaller blocks read the
    /// weights more often: 14x14x256 600 µs with half of it, 450 with this (Zen 5); from 56x56x64 to 28x28x128 a quarter is as good.
    /// </summary>
    public static WinogradBlocking X86 { get; } = new(5 << 18, 6, false, 1, WinogradLayout.WidestPanel);

    /// <summary>
    /// NEON: what the second-level cache of a Cortex-A76 with 512 KiB nearly holds, and 16 tiles of 256 channels, so that the weights of
    /// 14x14x256 come from memory once.
    /// </summary>
    public static WinogradBlocking Neon { get; } = new(5 << 17, 4, true, 4, 16);
}

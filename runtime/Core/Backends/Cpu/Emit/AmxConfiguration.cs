namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>The 64 bytes that <c>ldtilecfg</c> reads: tiles 0 to 3 hold sums, 4 and 5 activations, 6 and 7 weights.</summary>
internal static class AmxConfiguration
{
    /// <summary>Size of a configuration.</summary>
    public const int Bytes = 64;

    /// <summary>Rows of a tile at most, and bytes of a row.</summary>
    public const int Rows = 16, RowBytes = 64;

    private const int WeightTiles = 6, Tiles = 8, Palette = 1, ColumnsField = 16, RowsField = 48;

    /// <summary>Writes the configuration for tiles of <paramref name="pixels"/> pixels.</summary>
    /// <param name="target">[<see cref="Bytes"/>].</param>
    /// <param name="pixels">1 .. <see cref="Rows"/>.</param>
    public static void Write(Span<byte> target, int pixels)
    {
        target.Clear();
        target[0] = Palette;
        for (int tile = 0; tile < Tiles; tile++)
        {
            target[ColumnsField + tile * 2] = RowBytes;
            target[RowsField + tile] = (byte)(tile < WeightTiles ? pixels : Rows);
        }
    }
}

using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>Scratch memory of one thread: a block of gathered tiles, their sums with one panel, and room to gather.</summary>
internal sealed class GatheredLayout
{
    /// <summary>
    /// Activations of a block, half of the second-level cache of the smallest core: every block reads all weights again, and every panel the block.
    /// </summary>
    private const int BlockBytes = 1 << 18;

    /// <summary>Sums of a block stay in the first-level cache beside a panel's weights.</summary>
    private const int MostTiles = 32;

    public GatheredLayout(ConvLayout layout)
    {
        Tiles = new ActivationTiles(layout);
        int tiles = Divide(layout.Shape.Pixels, ActivationTiles.Pixels), most = Math.Clamp(BlockBytes / Tiles.TileBytes, 1, MostTiles);
        int block = Divide(tiles, Divide(tiles, most)); // Blocks of about one size.
        BlockPixels = block * ActivationTiles.Pixels;
        SumsOffset = (long)block * Tiles.TileBytes;
        RowsOffset = SumsOffset + (long)BlockPixels * Epilogues.FinishInt8.Lanes * sizeof(int);
        PartBytes = (RowsOffset + Tiles.RowBytes + 63) / 64 * 64;
    }

    public ActivationTiles Tiles { get; }

    /// <summary>Pixels that are gathered together.</summary>
    public int BlockPixels { get; }

    /// <summary>Bytes from a part's gathered tiles to its sums.</summary>
    public long SumsOffset { get; }

    /// <summary>Bytes from a part's gathered tiles to what <see cref="ActivationTiles.Gather"/> needs besides.</summary>
    public long RowsOffset { get; }

    /// <summary>Scratch memory of one thread, a multiple of 64.</summary>
    public long PartBytes { get; }

    /// <summary>Scratch memory of all threads.</summary>
    public static long ScratchBytes(ConvInt8Problem p, int threads) =>
        threads * new GatheredLayout(new ConvLayout(p.Shape, p.Input, p.PaddingOffset, 1)).PartBytes;

    private static int Divide(int a, int b) => (a + b - 1) / b;
}

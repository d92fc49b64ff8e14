using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Gathered;

/// <summary>Scratch memory of one thread: a block of gathered tiles, their sums with one panel, and room to gather.</summary>
internal sealed class GatheredLayout
{
    /// <summary>
    /// Activations of a block of bytes, half of the second-level cache of the smallest core: every block reads all weights again, and every panel the
    /// block. Of floats twice as much, so that 7×7 pixels of 2,048 channels are one block.
    /// </summary>
    private const int ByteBlock = 1 << 18, FloatBlock = 1 << 19;

    /// <summary>Sums of a block stay in the first-level cache beside a panel's weights.</summary>
    private const int MostTiles = 32;

    public GatheredLayout(ConvLayout layout)
    {
        Tiles = new ActivationTiles(layout);
        int tiles = Divide(layout.Shape.Pixels, ActivationTiles.Pixels), bytes = layout.ElementSize == 1 ? ByteBlock : FloatBlock;
        int most = Math.Clamp(bytes / Tiles.TileBytes, 1, MostTiles);
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
        threads * new GatheredLayout(new ConvLayout(p.Shape, p.Input, p.PaddingOffset, sizeof(byte))).PartBytes;

    /// <summary>The same of a float convolution.</summary>
    public static long ScratchBytes(ConvFp32Problem p, int threads) =>
        threads * new GatheredLayout(new ConvLayout(p.Shape, p.Input, p.PaddingOffset, sizeof(float))).PartBytes;

    private static int Divide(int a, int b) => (a + b - 1) / b;
}

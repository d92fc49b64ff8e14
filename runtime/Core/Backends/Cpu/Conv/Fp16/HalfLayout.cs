using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp16;

/// <summary>Scratch memory of one thread: a block of gathered tiles, one panel's outputs that are not whole, and room to gather.</summary>
internal sealed class HalfLayout
{
    /// <summary>
    /// Activations of a block, half of the second-level cache of the smallest core: every block reads all weights again, and every panel the block.
    /// </summary>
    private const int BlockBytes = 1 << 18;

    private const int Alignment = 64;

    public HalfLayout(ConvLayout layout)
    {
        Tiles = new HalfTiles(layout);
        int pixels = layout.Shape.Pixels, tiles = Divide(pixels, HalfTiles.Pixels), bytes = HalfTiles.Pixels * Tiles.PixelBytes;
        // Blocks of about one size.
        BlockPixels = Divide(tiles, Divide(tiles, Math.Max(1, BlockBytes / bytes))) * HalfTiles.Pixels;
        OutputsOffset = (long)BlockPixels * Tiles.PixelBytes;
        RowsOffset = OutputsOffset + (long)BlockPixels * HalfConvArgs.Lanes * HalfNumbers.Size;
        PartBytes = (RowsOffset + Tiles.RowBytes + Alignment - 1) / Alignment * Alignment;
    }

    public HalfTiles Tiles { get; }

    /// <summary>Pixels that are gathered together.</summary>
    public int BlockPixels { get; }

    /// <summary>Bytes from a part's gathered tiles to outputs of a panel with fewer than 16 channels.</summary>
    public long OutputsOffset { get; }

    /// <summary>Bytes from a part's gathered tiles to what <see cref="HalfTiles.Gather"/> needs besides.</summary>
    public long RowsOffset { get; }

    /// <summary>Scratch memory of one thread, a multiple of 64.</summary>
    public long PartBytes { get; }

    /// <summary>Scratch memory of all threads.</summary>
    public static long ScratchBytes(ConvFp16Problem p, int threads) =>
        threads * new HalfLayout(new ConvLayout(p.Shape, p.Input, p.PaddingOffset, HalfNumbers.Size)).PartBytes;

    private static int Divide(int a, int b) => (a + b - 1) / b;
}

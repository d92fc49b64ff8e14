using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// Tiles of a convolution and the scratch memory of one thread: for a block of tiles the transformed inputs, [product][tile][channel], and
/// the products of one panel, [product][tile][lane].
/// </summary>
internal sealed class WinogradLayout
{
    /// <summary>Widest panel of any tier.</summary>
    public const int WidestPanel = 64;

    /// <summary>Elements (64 bytes) between products: products a multiple of 4096 bytes apart would share one set of the first-level cache.</summary>
    private const int Gap = 16;

    private readonly int _outputs, _across, _down; // tiles of one of the pictures that a dilation makes

    public WinogradLayout(ConvShape shape, WinogradTransform transform, WinogradBlocking blocking)
    {
        Shape = shape;
        _outputs = transform.Outputs;
        _across = Divide(Divide(shape.OutputWidth, shape.DilationWidth), _outputs);
        _down = Divide(Divide(shape.OutputHeight, shape.DilationHeight), _outputs);
        Tiles = checked(shape.Batch * _down * shape.DilationHeight * _across * shape.DilationWidth);
        RowPitch = Divide(shape.InputChannels, WinogradTransform.Lanes) * WinogradTransform.Lanes;
        int unit = blocking.TileRows, most = Math.Max(unit, blocking.InputBytes / (transform.Products * RowPitch * sizeof(float)));
        // Blocks of about one size: a last one of few tiles would be slow.
        BlockTiles = Divide(Divide(Tiles, Divide(Tiles, most)), unit) * unit;
        if (!blocking.WholeTiles)
            BlockTiles = Math.Min(Tiles, BlockTiles);
        InputPitch = Padded(BlockTiles * RowPitch);
        ProductPitch = Padded(BlockTiles * WidestPanel);
        InputElements = (long)transform.Products * InputPitch;
        PartBytes = (InputElements + (long)transform.Products * ProductPitch) * sizeof(float);
    }

    public ConvShape Shape { get; }

    /// <summary>Tiles of all pictures; some are empty where the pictures between which a dilation chooses are not of one size.</summary>
    public int Tiles { get; }

    /// <summary>Elements from one tile's transformed input to the next tile's.</summary>
    public int RowPitch { get; }

    /// <summary>Tiles that are transformed and multiplied together.</summary>
    public int BlockTiles { get; }

    /// <summary>Elements from one product's transformed inputs to the next product's.</summary>
    public int InputPitch { get; }

    /// <summary>Elements from one product's sums to the next product's.</summary>
    public int ProductPitch { get; }

    /// <summary>Elements of a block's transformed inputs; the products of a panel follow them.</summary>
    public long InputElements { get; }

    /// <summary>Scratch memory of one thread, a multiple of 64.</summary>
    public long PartBytes { get; }

    /// <summary>
    /// The first pixel of a tile, which may lie behind the picture. A dilation by d takes every d-th row for itself, as if d pictures lay between
    /// each other, and the same with columns; a tile is of one of these.
    /// </summary>
    public (int Image, int Y, int X) Place(int tile)
    {
        var (line, column) = Math.DivRem(tile, _across * Shape.DilationWidth);
        var (image, row) = Math.DivRem(line, _down * Shape.DilationHeight);
        var (phaseY, down) = Math.DivRem(row, _down);
        var (phaseX, across) = Math.DivRem(column, _across);
        return (image, phaseY + down * _outputs * Shape.DilationHeight, phaseX + across * _outputs * Shape.DilationWidth);
    }

    private static int Divide(int a, int b) => (a + b - 1) / b;

    private static int Padded(int elements) => Divide(elements, Gap) * Gap + Gap;
}

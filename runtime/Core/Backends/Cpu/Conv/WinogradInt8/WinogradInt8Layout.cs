using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// Tiles of 4×4 outputs, and the scratch memory of one thread: for a block of tiles the transformed inputs, [36][tile / 4][channel / 8][4][8] s16,
/// and the products of one panel, [36][tile][16] s32.
/// </summary>
internal sealed class WinogradInt8Layout
{
    /// <summary>Output pixels along a side of a tile, and input pixels.</summary>
    public const int Outputs = 4, Inputs = Outputs + 2;

    /// <summary>Products for each pair of channels and tile.</summary>
    public const int Products = Inputs * Inputs;

    /// <summary>Tiles that are multiplied together.</summary>
    public const int Group = 4;

    /// <summary>Channels that are transformed together.</summary>
    public const int Channels = 8;

    /// <summary>Output channels of a panel.</summary>
    public const int Lanes = Epilogues.FinishInt8.Lanes;

    /// <summary>A block stays in a second-level cache of 512 KiB; every block reads all transformed weights again.</summary>
    private const int BlockBytes = 384 << 10;

    /// <summary>Bytes between products: a multiple of 4096 bytes apart they would share one set of the first-level cache.</summary>
    private const int Gap = 64;

    private readonly int _across, _down;

    public WinogradInt8Layout(ConvShape shape)
    {
        Shape = shape;
        (_across, _down) = (Divide(shape.OutputWidth, Outputs), Divide(shape.OutputHeight, Outputs));
        Tiles = checked(shape.Batch * _down * _across);
        ChannelBlocks = Divide(shape.InputChannels, Channels);
        GroupBytes = ChannelBlocks * Group * Channels * sizeof(short);
        int groups = Divide(Tiles, Group), most = Math.Max(1, BlockBytes / (Products * (GroupBytes + Group * Lanes * sizeof(int))));
        int block = Divide(groups, Divide(groups, most)); // Blocks of about one size.
        BlockTiles = block * Group;
        InputPitch = block * GroupBytes + Gap;
        ProductPitch = BlockTiles * Lanes * sizeof(int) + Gap;
        ProductsOffset = (long)Products * InputPitch;
        PartBytes = ProductsOffset + (long)Products * ProductPitch;
    }

    public ConvShape Shape { get; }

    /// <summary>Tiles of all pictures.</summary>
    public int Tiles { get; }

    /// <summary>Blocks of eight input channels.</summary>
    public int ChannelBlocks { get; }

    /// <summary>Bytes of a group of four tiles in the transformed inputs of a product.</summary>
    public int GroupBytes { get; }

    /// <summary>Tiles that are transformed together, a multiple of four.</summary>
    public int BlockTiles { get; }

    /// <summary>Bytes from one product's transformed inputs to the next product's.</summary>
    public int InputPitch { get; }

    /// <summary>Bytes from one product's sums to the next product's.</summary>
    public int ProductPitch { get; }

    /// <summary>Bytes from a part's transformed inputs to its products.</summary>
    public long ProductsOffset { get; }

    /// <summary>Scratch memory of one thread, a multiple of 64.</summary>
    public long PartBytes { get; }

    /// <summary>First output pixel of a tile.</summary>
    public (int Image, int Y, int X) Place(int tile)
    {
        var (line, column) = Math.DivRem(tile, _across);
        var (image, row) = Math.DivRem(line, _down);
        return (image, row * Outputs, column * Outputs);
    }

    private static int Divide(int a, int b) => (a + b - 1) / b;
}

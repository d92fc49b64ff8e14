using ResNetEdge.Backends.Cpu.Conv.Winograd;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradFp16;

/// <summary>
/// Scratch memory of one thread, in bytes: a block of tiles' transformed inputs, [product][eight tiles][channel / 8][tile][8], the products of one
/// panel, [product][tile][16], a buffer of the transform, and the outputs of a tile whose panel is not whole.
/// </summary>
internal sealed class HalfWinogradLayout
{
    /// <summary>As <see cref="WinogradBlocking.Neon"/>, in elements: half as many bytes leave room in the cache for the weights.</summary>
    private static readonly WinogradBlocking Blocking = WinogradBlocking.Neon with { TileRows = HalfConvArgs.Rows };

    private const int Alignment = 64;

    public HalfWinogradLayout(ConvShape shape, int outputs)
    {
        Places = new WinogradLayout(shape, WinogradTransform.Of(outputs), Blocking);
        Products = (outputs + 2) * (outputs + 2);
        TileBytes = shape.InputChannels * HalfNumbers.Size;
        InputPitch = Padded((long)Places.BlockTiles * TileBytes);
        ProductPitch = Padded(Places.BlockTiles * HalfConvArgs.Lanes * HalfNumbers.Size);
        ProductsOffset = Products * InputPitch;
        BufferOffset = ProductsOffset + Products * ProductPitch;
        OutputsOffset = BufferOffset + (long)HalfWinogradInputArgs.Chunk * Products * HalfConvArgs.Block * HalfNumbers.Size;
        PartBytes = OutputsOffset + outputs * outputs * HalfConvArgs.Lanes * HalfNumbers.Size;
    }

    /// <summary>Tiles, and blocks of them.</summary>
    public WinogradLayout Places { get; }

    /// <summary>Products for each pair of channels.</summary>
    public int Products { get; }

    /// <summary>Bytes of a tile in one product.</summary>
    public int TileBytes { get; }

    /// <summary>Bytes from one product's inputs to the next product's.</summary>
    public long InputPitch { get; }

    /// <summary>Bytes from one product's sums to the next product's.</summary>
    public long ProductPitch { get; }

    /// <summary>Bytes from the inputs to the products, the buffer and the outputs.</summary>
    public long ProductsOffset { get; }

    public long BufferOffset { get; }

    public long OutputsOffset { get; }

    /// <summary>A multiple of 64.</summary>
    public long PartBytes { get; }

    /// <summary>With a cache line between: what lies a multiple of 4096 bytes apart would share one set of the first-level cache.</summary>
    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment + Alignment;
}

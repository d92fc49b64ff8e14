using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// Offsets [tile][product] from the arena's base to the input pixels of each tile; whatever lies outside the picture points at the padding.
/// </summary>
internal sealed unsafe class WinogradTiles : IDisposable
{
    private readonly NativeBlock<uint> _offsets;

    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public WinogradTiles(ConvFloatProblem problem, WinogradLayout layout, WinogradTransform transform)
    {
        var (shape, input) = (problem.Shape, problem.Input);
        Products = transform.Products;
        _offsets = new NativeBlock<uint>((long)layout.Tiles * Products);
        uint* next = _offsets.Data;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            var (image, top, left) = layout.Place(tile);
            for (int row = 0; row < transform.Inputs; row++)
            {
                for (int column = 0; column < transform.Inputs; column++)
                {
                    int y = top - shape.PadTop + row * shape.DilationHeight, x = left - shape.PadLeft + column * shape.DilationWidth;
                    // A border in memory holds zeros too, but a last tile can reach beyond it.
                    bool inside = (uint)y < (uint)shape.InputHeight && (uint)x < (uint)shape.InputWidth;
                    *next++ = Indirection.Narrow(inside
                        ? input.Offset + image * input.ImageStride + (long)y * input.RowStride + (long)x * input.PixelStride
                        : problem.PaddingOffset);
                }
            }
        }
    }

    /// <summary>Pixels of a tile.</summary>
    public int Products { get; }

    public long Bytes => _offsets.Bytes;

    /// <summary>[product] of a tile.</summary>
    public uint* Of(int tile) => _offsets.Data + (long)tile * Products;

    public void Dispose() => _offsets.Dispose();
}

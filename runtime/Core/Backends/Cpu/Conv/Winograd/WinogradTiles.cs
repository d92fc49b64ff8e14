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
    public WinogradTiles(ConvFp32Problem problem, WinogradLayout layout, WinogradTransform transform)
    {
        var (shape, input) = (problem.Shape, problem.Input);
        Products = transform.Products;
        _offsets = new NativeBlock<uint>((long)layout.Tiles * Products);
        uint* next = _offsets.Data;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            int line = tile / layout.Across, image = line / layout.Down;
            int top = line % layout.Down * transform.Outputs - shape.PadTop, left = tile % layout.Across * transform.Outputs - shape.PadLeft;
            for (int y = top; y < top + transform.Inputs; y++)
            {
                for (int x = left; x < left + transform.Inputs; x++)
                {
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

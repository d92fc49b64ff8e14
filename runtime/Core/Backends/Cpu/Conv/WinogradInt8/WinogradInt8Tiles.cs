using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>Offsets [tile][36] from the arena's base to a tile's input pixels; whatever lies outside the picture points at the padding.</summary>
internal static unsafe class WinogradInt8Tiles
{
    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public static NativeBlock<uint> Offsets(ConvInt8Problem problem, WinogradInt8Layout layout)
    {
        var (shape, input) = (problem.Shape, problem.Input);
        var offsets = new NativeBlock<uint>((long)layout.Tiles * WinogradInt8Layout.Products);
        uint* next = offsets.Data;
        for (int tile = 0; tile < layout.Tiles; tile++)
        {
            var (image, top, left) = layout.Place(tile);
            for (int i = 0; i < WinogradInt8Layout.Products; i++)
            {
                int y = top - shape.PadTop + i / WinogradInt8Layout.Inputs, x = left - shape.PadLeft + i % WinogradInt8Layout.Inputs;
                // A border in memory holds zero points too, but a last tile can reach beyond it.
                bool inside = (uint)y < (uint)shape.InputHeight && (uint)x < (uint)shape.InputWidth;
                *next++ = Indirection.Narrow(inside
                    ? input.Offset + image * input.ImageStride + (long)y * input.RowStride + (long)x * input.PixelStride
                    : problem.PaddingOffset);
            }
        }

        return offsets;
    }
}

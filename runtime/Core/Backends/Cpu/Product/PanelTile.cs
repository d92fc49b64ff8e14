using ResNetEdge.Backends.Cpu.Conv.Fp32;

namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>The tile of an intrinsic float convolution.</summary>
/// <typeparam name="TTile">Some rows × 16 columns.</typeparam>
internal readonly unsafe struct PanelTile<TTile> : IPanelTile where TTile : struct, IConvFp32Tile
{
    public static int WidestPanel => 16;

    public static void Multiply(in PanelProduct product)
    {
        var tile = new ConvFp32Tile
        {
            Input = product.Left,
            Taps = 1,
            TapLength = product.Depth,
            OutputStride = product.OutputRow,
            Bias = product.Zeros,
            Count = product.Columns,
            Low = float.NegativeInfinity,
            High = float.PositiveInfinity,
        };
        for (int row = 0; row < product.Rows; row += TTile.Rows)
        {
            tile.Rows = Math.Min(TTile.Rows, product.Rows - row);
            tile.Offsets = product.Offsets + row;
            tile.Output = product.Output + row * product.OutputRow;
            TTile.Run(in tile, product.Panel);
        }
    }
}

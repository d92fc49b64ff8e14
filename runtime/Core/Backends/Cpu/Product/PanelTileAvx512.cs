using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Backends.Cpu.Product;

/// <summary>The machine code of the 512-bit float convolutions.</summary>
internal readonly unsafe struct PanelTileAvx512 : IPanelTile
{
    public static int WidestPanel => 64;

    public static void Multiply(in PanelProduct product)
    {
        int blocks = (product.Depth + 3) / 4, skip = blocks * 4 - product.Depth;
        var args = new ConvArgs
        {
            Offsets = product.Offsets,
            Base = product.Left - skip * sizeof(float),
            Weights = product.Panel,
            Bias = product.Zeros,
            Output = product.Output,
            OutputStride = product.OutputRow,
            Mask = ulong.MaxValue >> (64 - product.Columns),
            Taps = 1,
            Blocks = blocks,
            Skip = skip,
            Low = BitConverter.SingleToInt32Bits(float.NegativeInfinity),
        };
        *(float*)args.High = float.PositiveInfinity;
        EmittedConv.Run(NativeRunner.Instance, &args, product.Rows, TileSet.Fp32(product.Width), product.Width);
    }
}

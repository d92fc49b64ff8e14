using ResNetEdge.Backends.Cpu.Conv.Gathered;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>As <see cref="ConvInt8Dp"/>, whole tiles by machine code.</summary>
internal sealed class ConvInt8DpEmitted(ConvInt8Problem problem) : ConvInt8Gathered<ConvInt8DpEmitted.Product>(problem)
{
    public override string Name => nameof(ConvInt8DpEmitted);

    internal readonly unsafe struct Product : IProductInt8
    {
        private const int Step = 4;

        public static long PanelBytes(int depth) => ConvInt8Dp.Product.PanelBytes(depth);

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            ConvInt8Dp.Product.Pack(weights, layout, panels);

        public static void Multiply(in ProductInt8 p)
        {
            int tiles = p.WholeTiles;
            if (tiles > 0)
            {
                EmittedArm64.Multiply(KernelsArm64.ProductInt8Dot, new ProductArgs
                {
                    Inputs = p.Inputs,
                    Weights = p.Weights,
                    Output = p.Sums,
                    Start = p.Bias,
                    GroupPitch = (p.Depth + ActivationTiles.Block - 1) / ActivationTiles.Block * ActivationTiles.Block * ActivationTiles.Pixels,
                    OutputStride = ProductArgs.Columns * sizeof(int),
                    Steps = (p.Depth + Step - 1) / Step,
                    Groups = tiles,
                    Count = 1,
                });
            }

            for (int single = 0; single < p.Singles; single++)
                ConvInt8Dp.Product.Single(in p, tiles, single);
        }
    }
}

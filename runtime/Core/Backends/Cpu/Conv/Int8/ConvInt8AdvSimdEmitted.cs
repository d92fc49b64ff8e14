using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// As <see cref="ConvInt8AdvSimd"/>, whole tiles by machine code where two products fit into 16 bits, which sums four there where those fit.
/// </summary>
internal sealed class ConvInt8AdvSimdEmitted(ConvInt8Problem problem) : ConvInt8Gathered<ConvInt8AdvSimdEmitted.Product>(problem)
{
    public override string Name => nameof(ConvInt8AdvSimdEmitted);

    internal readonly unsafe struct Product : IProductInt8
    {
        public static long PanelBytes(int depth) => ConvInt8AdvSimd.Product.PanelBytes(depth);

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            ConvInt8AdvSimd.Product.Pack(weights, layout, panels);

        public static bool PairsFit(NativeBlock<sbyte> packed) => ConvInt8AdvSimd.Product.PairsFit(packed);

        public static NativeBlock<int>? Fours(NativeBlock<sbyte> packed, int depth) => FoursInt8.Of(packed, depth);

        public static void Multiply(in ProductInt8 p)
        {
            if (!p.PairsFit)
            {
                ConvInt8AdvSimd.Product.Multiply(in p);
                return;
            }

            if (p.WholeTiles > 0)
            {
                long stripBytes = ConvInt8AdvSimd.Product.StripBytes(p.Depth);
                var args = new ProductArgs
                {
                    Inputs = p.Inputs,
                    Weights = p.Weights,
                    Output = p.Sums,
                    Start = p.Bias,
                    OutputStride = ProductArgs.Columns * sizeof(int),
                    Steps = p.Depth,
                    Groups = p.WholeTiles,
                    Fours = p.Fours,
                };
                for (int first = 0; first < p.Count; first += ConvInt8AdvSimd.Product.Channels)
                {
                    EmittedArm64.Multiply(KernelsArm64.ProductInt8Pairs, args);
                    args.Weights = (sbyte*)args.Weights + stripBytes;
                    args.Output = (int*)args.Output + ConvInt8AdvSimd.Product.Channels;
                    args.Start = (int*)args.Start + ConvInt8AdvSimd.Product.Channels;
                    args.Fours += FoursInt8.PerStrip(p.Depth);
                }
            }

            ConvInt8AdvSimd.Product.Rest(in p);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Conv.Gathered;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>Convolution by <c>sdot</c>, 4 pixels × 16 channels. Exact: four products are summed in 32 bits without saturation.</summary>
/// <remarks>16 accumulators, 8 weights, 4 activations. Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.</remarks>
internal sealed class ConvInt8Dp(ConvInt8Problem problem) : ConvInt8Gathered<ConvInt8Dp.Product>(problem)
{
    public override string Name => nameof(ConvInt8Dp);

    /// <summary>4 × 16, and 1 × 16 for one or two pixels at the end.</summary>
    internal readonly unsafe struct Product : IProductInt8
    {
        /// <summary>Bytes of four products of a panel, and of the sixteen of a block.</summary>
        private const int StepBytes = 64, BlockBytes = 256, TileBytes = ActivationTiles.Pixels * ActivationTiles.Block, Lanes = FinishInt8.Lanes;

        public static long PanelBytes(int depth) => PackInt8Dense.PanelBytes(depth);

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8Dense.Pack(weights, layout, panels);

        public static void Multiply(in ProductInt8 p)
        {
            Tiles(in p, p.WholeTiles);
            for (int single = 0; single < p.Singles; single++)
                Single(in p, p.WholeTiles, single);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Tiles(in ProductInt8 p, int tiles)
        {
            // Constant elsewhere than on Arm64: the rest is then no part of the program.
            if (!Dp.IsSupported)
                throw new PlatformNotSupportedException();

            sbyte* x = p.Inputs;
            int* sums = p.Sums;
            for (; tiles > 0; tiles--, sums += ActivationTiles.Pixels * Lanes)
            {
                // Accumulators are named locals: arrays of vectors spill, three times slower.
                Vector128<int> c00 = Vector128.Load(p.Bias), c01 = Vector128.Load(p.Bias + 4),
                    c02 = Vector128.Load(p.Bias + 8), c03 = Vector128.Load(p.Bias + 12);
                Vector128<int> c10 = c00, c11 = c01, c12 = c02, c13 = c03, c20 = c00,
                    c21 = c01, c22 = c02, c23 = c03, c30 = c00, c31 = c01, c32 = c02, c33 = c03;
                sbyte* w = p.Weights;
                for (int pairs = p.Depth / (2 * ActivationTiles.Block); pairs != 0; pairs--, x += 2 * TileBytes, w += 2 * BlockBytes)
                {
                    Block(x, w, 0, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                        ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                    Block(x, w, 1, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                        ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                }

                int left = p.Depth % (2 * ActivationTiles.Block);
                if (left >= ActivationTiles.Block)
                {
                    Block(x, w, 0, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                        ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                    left -= ActivationTiles.Block;
                    x += TileBytes;
                    w += BlockBytes;
                }

                if (left > 0)
                {
                    for (sbyte* four = x; left > 0; left -= 4, four += 4, w += StepBytes)
                    {
                        Vector128<sbyte> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 16);
                        Vector128<sbyte> a2 = Vector128.Load(w + 32), a3 = Vector128.Load(w + 48);
                        Row(Four(four), 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                        Row(Four(four + 16), 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                        Row(Four(four + 32), 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                        Row(Four(four + 48), 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                    }

                    x += TileBytes;
                }

                Store(sums, c00, c01, c02, c03);
                Store(sums + Lanes, c10, c11, c12, c13);
                Store(sums + 2 * Lanes, c20, c21, c22, c23);
                Store(sums + 3 * Lanes, c30, c31, c32, c33);
            }
        }

        /// <summary>One pixel of the tile behind the whole ones.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Single(in ProductInt8 p, int tile, int pixel)
        {
            if (!Dp.IsSupported)
                throw new PlatformNotSupportedException();

            int blocks = (p.Depth + ActivationTiles.Block - 1) / ActivationTiles.Block, left = p.Depth;
            sbyte* x = p.Inputs + (long)tile * blocks * TileBytes + pixel * ActivationTiles.Block, w = p.Weights;
            Vector128<int> c0 = Vector128.Load(p.Bias), c1 = Vector128.Load(p.Bias + 4),
                c2 = Vector128.Load(p.Bias + 8), c3 = Vector128.Load(p.Bias + 12);
            for (; left >= ActivationTiles.Block; left -= ActivationTiles.Block, x += TileBytes, w += BlockBytes)
            {
                var v = Vector128.Load(x);
                Row(v, 0, Vector128.Load(w), Vector128.Load(w + 16), Vector128.Load(w + 32), Vector128.Load(w + 48), ref c0, ref c1, ref c2, ref c3);
                Row(v, 1, Vector128.Load(w + 64), Vector128.Load(w + 80), Vector128.Load(w + 96), Vector128.Load(w + 112),
                    ref c0, ref c1, ref c2, ref c3);
                Row(v, 2, Vector128.Load(w + 128), Vector128.Load(w + 144), Vector128.Load(w + 160), Vector128.Load(w + 176),
                    ref c0, ref c1, ref c2, ref c3);
                Row(v, 3, Vector128.Load(w + 192), Vector128.Load(w + 208), Vector128.Load(w + 224), Vector128.Load(w + 240),
                    ref c0, ref c1, ref c2, ref c3);
            }

            for (; left > 0; left -= 4, x += 4, w += StepBytes)
                Row(Four(x), 0, Vector128.Load(w), Vector128.Load(w + 16), Vector128.Load(w + 32), Vector128.Load(w + 48),
                    ref c0, ref c1, ref c2, ref c3);
            Store(p.Sums + (tile * ActivationTiles.Pixels + pixel) * Lanes, c0, c1, c2, c3);
        }

        /// <summary>Sixteen activations of four pixels × 16 channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Block(
            sbyte* x, sbyte* w, [ConstantExpected(Max = 1)] int block,
            ref Vector128<int> c00, ref Vector128<int> c01, ref Vector128<int> c02, ref Vector128<int> c03,
            ref Vector128<int> c10, ref Vector128<int> c11, ref Vector128<int> c12, ref Vector128<int> c13,
            ref Vector128<int> c20, ref Vector128<int> c21, ref Vector128<int> c22, ref Vector128<int> c23,
            ref Vector128<int> c30, ref Vector128<int> c31, ref Vector128<int> c32, ref Vector128<int> c33)
        {
            // Weights are loaded one step early: the compiler keeps this order, and an in-order processor does not wait.
            Vector128<sbyte> a0 = Vector128.Load(w + block * BlockBytes), a1 = Vector128.Load(w + block * BlockBytes + 16),
                a2 = Vector128.Load(w + block * BlockBytes + 32), a3 = Vector128.Load(w + block * BlockBytes + 48);
            Vector128<sbyte> v0 = Vector128.Load(x + block * TileBytes), v1 = Vector128.Load(x + block * TileBytes + 16),
                v2 = Vector128.Load(x + block * TileBytes + 32), v3 = Vector128.Load(x + block * TileBytes + 48);
            Vector128<sbyte> b0 = Vector128.Load(w + block * BlockBytes + 64), b1 = Vector128.Load(w + block * BlockBytes + 80),
                b2 = Vector128.Load(w + block * BlockBytes + 96), b3 = Vector128.Load(w + block * BlockBytes + 112);
            Row(v0, 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
            Row(v1, 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
            Row(v2, 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
            Row(v3, 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
            a0 = Vector128.Load(w + block * BlockBytes + 128);
            a1 = Vector128.Load(w + block * BlockBytes + 144);
            a2 = Vector128.Load(w + block * BlockBytes + 160);
            a3 = Vector128.Load(w + block * BlockBytes + 176);
            Row(v0, 1, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            Row(v1, 1, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
            Row(v2, 1, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
            Row(v3, 1, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
            b0 = Vector128.Load(w + block * BlockBytes + 192);
            b1 = Vector128.Load(w + block * BlockBytes + 208);
            b2 = Vector128.Load(w + block * BlockBytes + 224);
            b3 = Vector128.Load(w + block * BlockBytes + 240);
            Row(v0, 2, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
            Row(v1, 2, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
            Row(v2, 2, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
            Row(v3, 2, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
            Row(v0, 3, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            Row(v1, 3, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
            Row(v2, 3, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
            Row(v3, 3, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
        }

        /// <summary>Four activations of one pixel × 16 channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Row(
            Vector128<sbyte> x, [ConstantExpected(Max = (byte)3)] byte four, Vector128<sbyte> w0, Vector128<sbyte> w1,
            Vector128<sbyte> w2, Vector128<sbyte> w3,
            ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
        {
            c0 = Dp.DotProductBySelectedQuadruplet(c0, w0, x, four);
            c1 = Dp.DotProductBySelectedQuadruplet(c1, w1, x, four);
            c2 = Dp.DotProductBySelectedQuadruplet(c2, w2, x, four);
            c3 = Dp.DotProductBySelectedQuadruplet(c3, w3, x, four);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<sbyte> Four(sbyte* x) => AdvSimd.LoadAndReplicateToVector128((int*)x).AsSByte();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(int* sums, Vector128<int> c0, Vector128<int> c1, Vector128<int> c2, Vector128<int> c3)
        {
            c0.Store(sums);
            c1.Store(sums + 4);
            c2.Store(sums + 8);
            c3.Store(sums + 12);
        }
    }
}

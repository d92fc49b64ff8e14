using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution for Arm processors without dot products, 4 pixels × 4 channels: <c>smull</c> gives eight exact 16-bit products of one pixel and one
/// channel, <c>smlal</c> adds eight more unless both weights of a pair are -128 (2·128·128 would not fit), and <c>sadalp</c> adds neighbours to
/// 32 bits.
/// </summary>
/// <remarks>
/// Each accumulator holds four partial sums of one output, joined at the end. Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.
/// </remarks>
internal sealed class ConvInt8AdvSimd(ConvInt8Problem problem) : ConvInt8Gathered<ConvInt8AdvSimd.Product>(problem)
{
    public override string Name => nameof(ConvInt8AdvSimd);

    /// <summary>4 × 4, and 1 × 4 for one or two pixels at the end.</summary>
    internal readonly unsafe struct Product : IProductInt8
    {
        private const int Channels = 4, Lanes = FinishInt8.Lanes;

        private const int Half = ActivationTiles.Block / 2, BlockBytes = ActivationTiles.Pixels * ActivationTiles.Block;

        public static long PanelBytes(int depth) => PackInt8Dense.RowPanelBytes(depth);

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8Dense.PackRows(weights, layout, panels);

        public static bool PairsFit(NativeBlock<sbyte> packed)
        {
            var least = Vector64.Create(sbyte.MinValue);
            for (long i = 0; i < packed.Count; i += ActivationTiles.Block)
            {
                var (first, second) = (Vector64.Load(packed.Data + i), Vector64.Load(packed.Data + i + Half));
                if ((Vector64.Equals(first, least) & Vector64.Equals(second, least)) != default)
                    return false;
            }

            return true;
        }

        public static void Multiply(in ProductInt8 p)
        {
            int tiles = (p.Pixels + 1) / ActivationTiles.Pixels, singles = p.Pixels - tiles * ActivationTiles.Pixels;
            int blocks = (p.Depth + ActivationTiles.Block - 1) / ActivationTiles.Block;
            sbyte* w = p.Weights;
            for (int first = 0; first < p.Count; first += Channels, w += (long)blocks * BlockBytes)
            {
                Tiles(p.Inputs, w, p.Depth, p.Bias + first, p.Sums + first, tiles, p.PairsFit);
                for (int single = 0; single < singles; single++)
                    Single(
                        p.Inputs + (long)tiles * blocks * BlockBytes + single * ActivationTiles.Block, w, blocks, p.Bias + first,
                        p.Sums + (tiles * ActivationTiles.Pixels + single) * Lanes + first);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Tiles(sbyte* x, sbyte* weights, int depth, int* bias, int* sums, int tiles, bool pairs)
        {
            // Constant elsewhere than on Arm64: the rest is then no part of the program.
            if (!AdvSimd.Arm64.IsSupported)
                throw new PlatformNotSupportedException();

            int halves = (depth + Half - 1) / Half;
            int whole = pairs ? halves / 2 : 0; // Blocks whose both halves are summed in 16 bits first; the others follow one by one.
            for (; tiles != 0; tiles--, sums += ActivationTiles.Pixels * Lanes)
            {
                // Accumulators are named locals: arrays of vectors spill, three times slower.
                Vector128<int> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
                Vector128<int> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
                sbyte* w = weights;
                for (int left = whole; left != 0; left--, x += BlockBytes, w += BlockBytes)
                {
                    Vector64<sbyte> w0 = Vector64.Load(w), v0 = Vector64.Load(w + 8), w1 = Vector64.Load(w + 16), v1 = Vector64.Load(w + 24);
                    Vector64<sbyte> w2 = Vector64.Load(w + 32), v2 = Vector64.Load(w + 40), w3 = Vector64.Load(w + 48), v3 = Vector64.Load(w + 56);
                    Pairs(Vector64.Load(x), Vector64.Load(x + 8), w0, w1, w2, w3, v0, v1, v2, v3, ref c00, ref c01, ref c02, ref c03);
                    Pairs(Vector64.Load(x + 16), Vector64.Load(x + 24), w0, w1, w2, w3, v0, v1, v2, v3, ref c10, ref c11, ref c12, ref c13);
                    Pairs(Vector64.Load(x + 32), Vector64.Load(x + 40), w0, w1, w2, w3, v0, v1, v2, v3, ref c20, ref c21, ref c22, ref c23);
                    Pairs(Vector64.Load(x + 48), Vector64.Load(x + 56), w0, w1, w2, w3, v0, v1, v2, v3, ref c30, ref c31, ref c32, ref c33);
                }

                for (int half = 2 * whole; half < halves; half++)
                {
                    int within = (half & 1) * Half;
                    sbyte* y = x + within, v = w + within;
                    Vector64<sbyte> w0 = Vector64.Load(v), w1 = Vector64.Load(v + 16), w2 = Vector64.Load(v + 32), w3 = Vector64.Load(v + 48);
                    Singles(Vector64.Load(y), w0, w1, w2, w3, ref c00, ref c01, ref c02, ref c03);
                    Singles(Vector64.Load(y + 16), w0, w1, w2, w3, ref c10, ref c11, ref c12, ref c13);
                    Singles(Vector64.Load(y + 32), w0, w1, w2, w3, ref c20, ref c21, ref c22, ref c23);
                    Singles(Vector64.Load(y + 48), w0, w1, w2, w3, ref c30, ref c31, ref c32, ref c33);
                    if (within != 0 || half == halves - 1)
                    {
                        x += BlockBytes;
                        w += BlockBytes;
                    }
                }

                Join(sums, bias, c00, c01, c02, c03);
                Join(sums + Lanes, bias, c10, c11, c12, c13);
                Join(sums + 2 * Lanes, bias, c20, c21, c22, c23);
                Join(sums + 3 * Lanes, bias, c30, c31, c32, c33);
            }
        }

        /// <summary>One pixel of the tile behind the whole ones.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Single(sbyte* x, sbyte* w, int blocks, int* bias, int* sums)
        {
            if (!AdvSimd.Arm64.IsSupported)
                throw new PlatformNotSupportedException();

            Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
            for (; blocks != 0; blocks--, x += BlockBytes, w += BlockBytes)
            {
                Singles(
                    Vector64.Load(x), Vector64.Load(w), Vector64.Load(w + 16), Vector64.Load(w + 32), Vector64.Load(w + 48),
                    ref c0, ref c1, ref c2, ref c3);
                Singles(
                    Vector64.Load(x + 8), Vector64.Load(w + 8), Vector64.Load(w + 24), Vector64.Load(w + 40), Vector64.Load(w + 56),
                    ref c0, ref c1, ref c2, ref c3);
            }

            Join(sums, bias, c0, c1, c2, c3);
        }

        /// <summary>Sixteen activations of one pixel × 4 channels. Four products, then four additions: an in-order processor does not wait.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Pairs(
            Vector64<sbyte> x, Vector64<sbyte> y, Vector64<sbyte> w0, Vector64<sbyte> w1, Vector64<sbyte> w2, Vector64<sbyte> w3,
            Vector64<sbyte> v0, Vector64<sbyte> v1, Vector64<sbyte> v2, Vector64<sbyte> v3,
            ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
        {
            Vector128<short> p0 = AdvSimd.MultiplyWideningLower(w0, x), p1 = AdvSimd.MultiplyWideningLower(w1, x);
            Vector128<short> p2 = AdvSimd.MultiplyWideningLower(w2, x), p3 = AdvSimd.MultiplyWideningLower(w3, x);
            p0 = AdvSimd.MultiplyWideningLowerAndAdd(p0, v0, y);
            p1 = AdvSimd.MultiplyWideningLowerAndAdd(p1, v1, y);
            p2 = AdvSimd.MultiplyWideningLowerAndAdd(p2, v2, y);
            p3 = AdvSimd.MultiplyWideningLowerAndAdd(p3, v3, y);
            c0 = AdvSimd.AddPairwiseWideningAndAdd(c0, p0);
            c1 = AdvSimd.AddPairwiseWideningAndAdd(c1, p1);
            c2 = AdvSimd.AddPairwiseWideningAndAdd(c2, p2);
            c3 = AdvSimd.AddPairwiseWideningAndAdd(c3, p3);
        }

        /// <summary>Eight activations of one pixel × 4 channels, for any weight.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Singles(
            Vector64<sbyte> x, Vector64<sbyte> w0, Vector64<sbyte> w1, Vector64<sbyte> w2, Vector64<sbyte> w3,
            ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
        {
            Vector128<short> p0 = AdvSimd.MultiplyWideningLower(w0, x), p1 = AdvSimd.MultiplyWideningLower(w1, x);
            Vector128<short> p2 = AdvSimd.MultiplyWideningLower(w2, x), p3 = AdvSimd.MultiplyWideningLower(w3, x);
            c0 = AdvSimd.AddPairwiseWideningAndAdd(c0, p0);
            c1 = AdvSimd.AddPairwiseWideningAndAdd(c1, p1);
            c2 = AdvSimd.AddPairwiseWideningAndAdd(c2, p2);
            c3 = AdvSimd.AddPairwiseWideningAndAdd(c3, p3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Join(int* sums, int* bias, Vector128<int> c0, Vector128<int> c1, Vector128<int> c2, Vector128<int> c3) =>
            (Vector128.Load(bias) + AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(c0, c1), AdvSimd.Arm64.AddPairwise(c2, c3))).Store(sums);
    }
}

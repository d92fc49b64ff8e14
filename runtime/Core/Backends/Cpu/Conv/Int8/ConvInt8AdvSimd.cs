using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Conv.Gathered;
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
        /// <summary>Channels of a tile.</summary>
        public const int Channels = 4;

        private const int Lanes = FinishInt8.Lanes;

        private const int Half = ActivationTiles.Block / 2, BlockBytes = ActivationTiles.Pixels * ActivationTiles.Block;

        public static long PanelBytes(int depth) => PackInt8Dense.RowPanelBytes(depth);

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8Dense.PackRows(weights, layout, panels);

        public static bool PairsFit(NativeBlock<sbyte> packed)
        {
            // Few models have such a weight at all, which is found out sooner.
            if (!HasLeast(packed))
                return true;
            var least = Vector64.Create(sbyte.MinValue);
            for (long i = 0; i < packed.Count; i += ActivationTiles.Block)
            {
                var (first, second) = (Vector64.Load(packed.Data + i), Vector64.Load(packed.Data + i + Half));
                if ((Vector64.Equals(first, least) & Vector64.Equals(second, least)) != default)
                    return false;
            }

            return true;
        }

        private static bool HasLeast(NativeBlock<sbyte> packed)
        {
            Vector128<sbyte> a = default, b = default, c = default, d = default;
            sbyte* next = packed.Data, end = next + packed.Count / BlockBytes * BlockBytes;
            for (; next != end; next += BlockBytes)
            {
                a = Vector128.Min(a, Vector128.Load(next));
                b = Vector128.Min(b, Vector128.Load(next + 16));
                c = Vector128.Min(c, Vector128.Load(next + 32));
                d = Vector128.Min(d, Vector128.Load(next + 48));
            }

            return Vector128.EqualsAny(Vector128.Min(Vector128.Min(a, b), Vector128.Min(c, d)), Vector128.Create(sbyte.MinValue));
        }

        public static void Multiply(in ProductInt8 p)
        {
            long stripBytes = StripBytes(p.Depth);
            for (int first = 0; first < p.Count; first += Channels)
                Tiles(p.Inputs, p.Weights + first / Channels * stripBytes, p.Depth, p.Bias + first, p.Sums + first, p.WholeTiles, p.PairsFit);
            Rest(in p);
        }

        /// <summary>The pixels behind the whole tiles.</summary>
        public static void Rest(in ProductInt8 p)
        {
            long stripBytes = StripBytes(p.Depth); // Four channels' weights, and as many bytes of activations.
            for (int single = 0; single < p.Singles; single++)
            {
                sbyte* x = p.Inputs + p.WholeTiles * stripBytes + single * ActivationTiles.Block;
                int* sums = p.Sums + (p.WholeTiles * ActivationTiles.Pixels + single) * Lanes;
                for (int first = 0; first < p.Count; first += Channels)
                    Single(x, p.Weights + first / Channels * stripBytes, (int)(stripBytes / BlockBytes), p.Bias + first, sums + first, p.PairsFit);
            }
        }

        /// <summary>Bytes of four channels' weights.</summary>
        public static long StripBytes(int depth) => PanelBytes(depth) / Lanes * Channels;

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
                for (int left = whole / 2; left != 0; left--, x += 2 * BlockBytes, w += 2 * BlockBytes)
                {
                    Block(x, w, 0, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                        ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                    Block(x, w, 1, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                        ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                }

                if (whole % 2 != 0)
                {
                    Block(x, w, 0, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                        ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                    x += BlockBytes;
                    w += BlockBytes;
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
        private static void Single(sbyte* x, sbyte* w, int blocks, int* bias, int* sums, bool pairs)
        {
            if (!AdvSimd.Arm64.IsSupported)
                throw new PlatformNotSupportedException();

            Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
            for (; pairs && blocks != 0; blocks--, x += BlockBytes, w += BlockBytes)
            {
                Vector128<sbyte> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 16), w2 = Vector128.Load(w + 32), w3 = Vector128.Load(w + 48);
                var both = Vector128.Load(x);
                c0 = AdvSimd.AddPairwiseWideningAndAdd(c0, Pair(w0, both));
                c1 = AdvSimd.AddPairwiseWideningAndAdd(c1, Pair(w1, both));
                c2 = AdvSimd.AddPairwiseWideningAndAdd(c2, Pair(w2, both));
                c3 = AdvSimd.AddPairwiseWideningAndAdd(c3, Pair(w3, both));
            }

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

        /// <summary>Sixteen products, two in each lane.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<short> Pair(Vector128<sbyte> w, Vector128<sbyte> x) =>
            AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningLower(w.GetLower(), x.GetLower()), w, x);

        /// <summary>Sixteen activations of four pixels × 4 channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Block(
            sbyte* x, sbyte* w, [ConstantExpected(Max = 1)] int block,
            ref Vector128<int> c00, ref Vector128<int> c01, ref Vector128<int> c02, ref Vector128<int> c03,
            ref Vector128<int> c10, ref Vector128<int> c11, ref Vector128<int> c12, ref Vector128<int> c13,
            ref Vector128<int> c20, ref Vector128<int> c21, ref Vector128<int> c22, ref Vector128<int> c23,
            ref Vector128<int> c30, ref Vector128<int> c31, ref Vector128<int> c32, ref Vector128<int> c33)
        {
            Vector64<sbyte> w0 = Vector64.Load(w + block * BlockBytes), v0 = Vector64.Load(w + block * BlockBytes + 8);
            Vector64<sbyte> w1 = Vector64.Load(w + block * BlockBytes + 16), v1 = Vector64.Load(w + block * BlockBytes + 24);
            Vector64<sbyte> w2 = Vector64.Load(w + block * BlockBytes + 32), v2 = Vector64.Load(w + block * BlockBytes + 40);
            Vector64<sbyte> w3 = Vector64.Load(w + block * BlockBytes + 48), v3 = Vector64.Load(w + block * BlockBytes + 56);
            Pairs(
                Vector64.Load(x + block * BlockBytes), Vector64.Load(x + block * BlockBytes + 8), w0, w1, w2, w3, v0, v1, v2, v3,
                ref c00, ref c01, ref c02, ref c03);
            Pairs(
                Vector64.Load(x + block * BlockBytes + 16), Vector64.Load(x + block * BlockBytes + 24), w0, w1, w2, w3, v0, v1, v2, v3,
                ref c10, ref c11, ref c12, ref c13);
            Pairs(
                Vector64.Load(x + block * BlockBytes + 32), Vector64.Load(x + block * BlockBytes + 40), w0, w1, w2, w3, v0, v1, v2, v3,
                ref c20, ref c21, ref c22, ref c23);
            Pairs(
                Vector64.Load(x + block * BlockBytes + 48), Vector64.Load(x + block * BlockBytes + 56), w0, w1, w2, w3, v0, v1, v2, v3,
                ref c30, ref c31, ref c32, ref c33);
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

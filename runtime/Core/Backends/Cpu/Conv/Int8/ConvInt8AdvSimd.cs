using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution for Arm processors without dot products, 4 pixels × 8 channels: u8 activations are read as s8 (x ^ 0x80 = x - 128; the bias
/// makes up for it), <c>smull</c> gives eight exact 16-bit products of four channels and two outputs, <c>sadalp</c> adds neighbours to 32 bits.
/// Where no weight is -128 <c>smlal</c> adds a second product first: 2·127·128 still fits.
/// </summary>
/// <remarks>
/// Each accumulator holds two partial sums of two outputs, joined at the end. By the models 1.2 (A72) to 1.5 times (A53) as fast with
/// pairs; never timed on hardware: benchmarks/results/arm64-estimates.jsonl.
/// </remarks>
internal sealed unsafe class ConvInt8AdvSimd(ConvInt8Problem problem) : ConvInt8Panels<ConvInt8AdvSimd.Tile, sbyte>(problem)
{
    public override string Name => nameof(ConvInt8AdvSimd);

    /// <summary>4 × 16, done as two halves of 8.</summary>
    internal readonly struct Tile : IConvInt8Tile<sbyte>
    {
        private const int StepBytes = 64, HalfLanes = 8;

        public static int Rows => 4;

        public static int StepElements => 4;

        public static int ActivationOffset => 128;

        public static bool AsksForPairs => true;

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8.Pack(weights, layout, panels);

        public static void Run<TShortcut, TStore>(in ConvInt8Tile t, sbyte* w)
            where TShortcut : struct, IShortcutInt8
            where TStore : struct, IStoreInt8
        {
            Half<TShortcut, TStore>(in t, w, 0);
            if (t.Count > HalfLanes)
                Half<TShortcut, TStore>(in t, w + HalfLanes * 4, HalfLanes);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Half<TShortcut, TStore>(in ConvInt8Tile t, sbyte* w, int first)
            where TShortcut : struct, IShortcutInt8
            where TStore : struct, IStoreInt8
        {
            // Constant elsewhere than on Arm64: the rest is then no part of the program.
            if (!AdvSimd.Arm64.IsSupported)
                throw new PlatformNotSupportedException();

            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector128<int> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
            Vector128<int> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
            int rows = t.Rows, lastPair = t.PairsFit ? 2 : int.MaxValue;
            uint* offsets = t.Offsets;
            for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
            {
                byte* x0 = t.Input + offsets[0], x1 = rows > 1 ? t.Input + offsets[1] : x0;
                byte* x2 = rows > 2 ? t.Input + offsets[2] : x0, x3 = rows > 3 ? t.Input + offsets[3] : x0;
                int step = t.Steps;
                for (; step >= lastPair; step -= 2, x0 += 8, x1 += 8, x2 += 8, x3 += 8, w += StepBytes * 2)
                {
                    Vector64<sbyte> w0 = Vector64.Load(w), w1 = Vector64.Load(w + 8), w2 = Vector64.Load(w + 16), w3 = Vector64.Load(w + 24);
                    Vector64<sbyte> v0 = Vector64.Load(w + 64), v1 = Vector64.Load(w + 72), v2 = Vector64.Load(w + 80), v3 = Vector64.Load(w + 88);
                    Pair(x0, w0, w1, w2, w3, v0, v1, v2, v3, ref c00, ref c01, ref c02, ref c03);
                    Pair(x1, w0, w1, w2, w3, v0, v1, v2, v3, ref c10, ref c11, ref c12, ref c13);
                    Pair(x2, w0, w1, w2, w3, v0, v1, v2, v3, ref c20, ref c21, ref c22, ref c23);
                    Pair(x3, w0, w1, w2, w3, v0, v1, v2, v3, ref c30, ref c31, ref c32, ref c33);
                }

                for (; step > 0; step--, x0 += 4, x1 += 4, x2 += 4, x3 += 4, w += StepBytes)
                {
                    Vector64<sbyte> w0 = Vector64.Load(w), w1 = Vector64.Load(w + 8), w2 = Vector64.Load(w + 16), w3 = Vector64.Load(w + 24);
                    Single(x0, w0, w1, w2, w3, ref c00, ref c01, ref c02, ref c03);
                    Single(x1, w0, w1, w2, w3, ref c10, ref c11, ref c12, ref c13);
                    Single(x2, w0, w1, w2, w3, ref c20, ref c21, ref c22, ref c23);
                    Single(x3, w0, w1, w2, w3, ref c30, ref c31, ref c32, ref c33);
                }
            }

            var epilogue = new EpilogueInt8AdvSimd(in t);
            Finish<TShortcut, TStore>(in t, in epilogue, 0, first, c00, c01, c02, c03);
            if (rows > 1)
                Finish<TShortcut, TStore>(in t, in epilogue, 1, first, c10, c11, c12, c13);
            if (rows > 2)
                Finish<TShortcut, TStore>(in t, in epilogue, 2, first, c20, c21, c22, c23);
            if (rows > 3)
                Finish<TShortcut, TStore>(in t, in epilogue, 3, first, c30, c31, c32, c33);
        }

        /// <summary>Eight activations of one pixel × 8 channels. Four products, then four additions: an in-order processor does not wait.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Pair(
            byte* activations, Vector64<sbyte> w0, Vector64<sbyte> w1, Vector64<sbyte> w2, Vector64<sbyte> w3,
            Vector64<sbyte> v0, Vector64<sbyte> v1, Vector64<sbyte> v2, Vector64<sbyte> v3,
            ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
        {
            var eight = (Vector64.Load(activations) ^ Vector64.Create((byte)0x80)).AsInt32();
            var x = AdvSimd.DuplicateSelectedScalarToVector64(eight, 0).AsSByte();
            var y = AdvSimd.DuplicateSelectedScalarToVector64(eight, 1).AsSByte();
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

        /// <summary>Four activations of one pixel × 8 channels: exact for every weight.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Single(
            byte* activations, Vector64<sbyte> w0, Vector64<sbyte> w1, Vector64<sbyte> w2, Vector64<sbyte> w3,
            ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
        {
            var x = (AdvSimd.LoadAndReplicateToVector64((int*)activations).AsByte() ^ Vector64.Create((byte)0x80)).AsSByte();
            Vector128<short> p0 = AdvSimd.MultiplyWideningLower(w0, x), p1 = AdvSimd.MultiplyWideningLower(w1, x);
            Vector128<short> p2 = AdvSimd.MultiplyWideningLower(w2, x), p3 = AdvSimd.MultiplyWideningLower(w3, x);
            c0 = AdvSimd.AddPairwiseWideningAndAdd(c0, p0);
            c1 = AdvSimd.AddPairwiseWideningAndAdd(c1, p1);
            c2 = AdvSimd.AddPairwiseWideningAndAdd(c2, p2);
            c3 = AdvSimd.AddPairwiseWideningAndAdd(c3, p3);
        }

        /// <summary>Joins partial sums, adds the bias and stores one pixel's 8 channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Finish<TShortcut, TStore>(
            in ConvInt8Tile t, in EpilogueInt8AdvSimd epilogue, int row, int first, Vector128<int> c0, Vector128<int> c1,
            Vector128<int> c2, Vector128<int> c3)
            where TShortcut : struct, IShortcutInt8
            where TStore : struct, IStoreInt8
        {
            byte* output = t.Output + row * t.OutputStride + first * (TStore.IsFloat ? 4 : 1);
            var sums0 = Vector128.Load(t.Bias + first) + AdvSimd.Arm64.AddPairwise(c0, c1);
            var sums1 = Vector128.Load(t.Bias + first + 4) + AdvSimd.Arm64.AddPairwise(c2, c3);
            epilogue.Store<TShortcut, TStore>(
                sums0, sums1, t.Multiplier + first, output, t.Residual + row * t.ResidualStride + first, t.Count - first);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Backends.Cpu.Packing;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Convolution by <c>sdot</c>, 4 pixels × 16 channels: u8 activations are read as s8 (x ^ 0x80 = x - 128), and the 128·Σw that is missing
/// then stands in the bias. Exact: four products are summed in 32 bits without saturation.
/// </summary>
/// <remarks>
/// 16 accumulators, 8 weights, 4 activations. Four pixels rather than eight with half the channels, because each activation vector is flipped
/// once for 16 products instead of 8. Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.
/// </remarks>
internal sealed unsafe class ConvInt8Dp(ConvInt8Problem problem) : ConvInt8Panels<ConvInt8Dp.Tile, sbyte>(problem)
{
    public override string Name => nameof(ConvInt8Dp);

    /// <summary>4 × 16.</summary>
    internal readonly struct Tile : IConvInt8Tile<sbyte>
    {
        private const int StepBytes = 64, Block = 4;

        public static int Rows => 4;

        public static int StepElements => 4;

        public static int ActivationOffset => 128;

        public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels) =>
            PackInt8.Pack(weights, layout, panels);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Run<TShortcut, TStore>(in ConvInt8Tile t, sbyte* w)
            where TShortcut : struct, IShortcutInt8
            where TStore : struct, IStoreInt8
        {
            // Constant elsewhere than on Arm64: the rest is then no part of the program.
            if (!Dp.IsSupported)
                throw new PlatformNotSupportedException();

            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector128<int> c00 = Vector128.Load(t.Bias), c01 = Vector128.Load(t.Bias + 4),
                c02 = Vector128.Load(t.Bias + 8), c03 = Vector128.Load(t.Bias + 12);
            Vector128<int> c10 = c00, c11 = c01, c12 = c02, c13 = c03, c20 = c00,
                c21 = c01, c22 = c02, c23 = c03, c30 = c00, c31 = c01, c32 = c02, c33 = c03;
            var flip = Vector128.Create((byte)0x80);
            int rows = t.Rows;
            uint* offsets = t.Offsets;
            for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
            {
                byte* x0 = t.Input + offsets[0], x1 = rows > 1 ? t.Input + offsets[1] : x0;
                byte* x2 = rows > 2 ? t.Input + offsets[2] : x0, x3 = rows > 3 ? t.Input + offsets[3] : x0;
                int step = t.Steps;
                for (; step >= Block; step -= Block, x0 += 16, x1 += 16, x2 += 16, x3 += 16, w += StepBytes * Block)
                {
                    // Weights are loaded one step early: the compiler keeps this order, and an in-order processor does not wait.
                    Vector128<sbyte> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 16), a2 = Vector128.Load(w + 32), a3 = Vector128.Load(w + 48);
                    var v0 = (Vector128.Load(x0) ^ flip).AsSByte();
                    var v1 = (Vector128.Load(x1) ^ flip).AsSByte();
                    var v2 = (Vector128.Load(x2) ^ flip).AsSByte();
                    var v3 = (Vector128.Load(x3) ^ flip).AsSByte();
                    Vector128<sbyte> b0 = Vector128.Load(w + 64),
                        b1 = Vector128.Load(w + 80), b2 = Vector128.Load(w + 96), b3 = Vector128.Load(w + 112);
                    Row(v0, 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                    (a0, a1, a2, a3) = (Vector128.Load(w + 128), Vector128.Load(w + 144), Vector128.Load(w + 160), Vector128.Load(w + 176));
                    Row(v0, 1, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 1, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 1, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 1, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                    (b0, b1, b2, b3) = (Vector128.Load(w + 192), Vector128.Load(w + 208), Vector128.Load(w + 224), Vector128.Load(w + 240));
                    Row(v0, 2, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 2, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 2, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 2, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                    Row(v0, 3, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 3, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 3, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 3, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                }

                for (; step > 0; step--, x0 += 4, x1 += 4, x2 += 4, x3 += 4, w += StepBytes)
                {
                    Vector128<sbyte> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 16), a2 = Vector128.Load(w + 32), a3 = Vector128.Load(w + 48);
                    Row(Four(x0, flip), 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                    Row(Four(x1, flip), 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                    Row(Four(x2, flip), 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                    Row(Four(x3, flip), 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                }
            }

            var epilogue = new EpilogueInt8AdvSimd(in t);
            Finish<TShortcut, TStore>(in t, in epilogue, 0, c00, c01, c02, c03);
            if (rows > 1)
                Finish<TShortcut, TStore>(in t, in epilogue, 1, c10, c11, c12, c13);
            if (rows > 2)
                Finish<TShortcut, TStore>(in t, in epilogue, 2, c20, c21, c22, c23);
            if (rows > 3)
                Finish<TShortcut, TStore>(in t, in epilogue, 3, c30, c31, c32, c33);
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
        private static Vector128<sbyte> Four(byte* x, Vector128<byte> flip) =>
            (AdvSimd.LoadAndReplicateToVector128((int*)x).AsByte() ^ flip).AsSByte();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Finish<TShortcut, TStore>(
            in ConvInt8Tile t, in EpilogueInt8AdvSimd epilogue, int row, Vector128<int> c0, Vector128<int> c1, Vector128<int> c2, Vector128<int> c3)
            where TShortcut : struct, IShortcutInt8
            where TStore : struct, IStoreInt8
        {
            byte* output = t.Output + row * t.OutputStride, residual = t.Residual + row * t.ResidualStride;
            epilogue.Store<TShortcut, TStore>(c0, c1, t.Multiplier, output, residual, t.Count);
            epilogue.Store<TShortcut, TStore>(c2, c3, t.Multiplier + 8, output + (TStore.IsFloat ? 32 : 8), residual + 8, t.Count - 8);
        }
    }
}

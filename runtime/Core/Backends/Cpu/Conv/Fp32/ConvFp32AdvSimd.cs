using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Convolution in float32 by <c>fmla</c>, 4 pixels × 16 channels. Starts from the bias, then one FMA for each product in the order tap,
/// channel; error bound: <see cref="ConvFp32Reference.ErrorBound"/>.
/// </summary>
/// <remarks>Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.</remarks>
internal sealed unsafe class ConvFp32AdvSimd(ConvFp32Problem problem) : ConvFp32Panels<ConvFp32AdvSimd.Tile>(problem)
{
    public override string Name => nameof(ConvFp32AdvSimd);

    /// <summary>4 × 16.</summary>
    internal readonly struct Tile : IConvFp32Tile
    {
        private const int Lanes = 16, Block = 4;

        public static int Rows => 4;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Run(in ConvFp32Tile t, float* w)
        {
            // Constant elsewhere than on Arm64: the rest is then no part of the program.
            if (!AdvSimd.Arm64.IsSupported)
                throw new PlatformNotSupportedException();

            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector128<float> c00 = Vector128.Load(t.Bias), c01 = Vector128.Load(t.Bias + 4),
                c02 = Vector128.Load(t.Bias + 8), c03 = Vector128.Load(t.Bias + 12);
            Vector128<float> c10 = c00, c11 = c01, c12 = c02, c13 = c03, c20 = c00,
                c21 = c01, c22 = c02, c23 = c03, c30 = c00, c31 = c01, c32 = c02, c33 = c03;
            int rows = t.Rows;
            uint* offsets = t.Offsets;
            for (int tap = 0; tap < t.Taps; tap++, offsets += t.TapPitch)
            {
                float* x0 = (float*)(t.Input + offsets[0]), x1 = rows > 1 ? (float*)(t.Input + offsets[1]) : x0;
                float* x2 = rows > 2 ? (float*)(t.Input + offsets[2]) : x0, x3 = rows > 3 ? (float*)(t.Input + offsets[3]) : x0;
                int left = t.TapLength;
                for (; left >= Block; left -= Block, x0 += Block, x1 += Block, x2 += Block, x3 += Block, w += Lanes * Block)
                {
                    // Weights are loaded one channel early: the compiler keeps this order, and an in-order processor does not wait.
                    Vector128<float> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 4), a2 = Vector128.Load(w + 8), a3 = Vector128.Load(w + 12);
                    Vector128<float> v0 = Vector128.Load(x0), v1 = Vector128.Load(x1), v2 = Vector128.Load(x2), v3 = Vector128.Load(x3);
                    Vector128<float> b0 = Vector128.Load(w + 16),
                        b1 = Vector128.Load(w + 20), b2 = Vector128.Load(w + 24), b3 = Vector128.Load(w + 28);
                    Row(v0, 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                    (a0, a1, a2, a3) = (Vector128.Load(w + 32), Vector128.Load(w + 36), Vector128.Load(w + 40), Vector128.Load(w + 44));
                    Row(v0, 1, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 1, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 1, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 1, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                    (b0, b1, b2, b3) = (Vector128.Load(w + 48), Vector128.Load(w + 52), Vector128.Load(w + 56), Vector128.Load(w + 60));
                    Row(v0, 2, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 2, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 2, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 2, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                    Row(v0, 3, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                    Row(v1, 3, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                    Row(v2, 3, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                    Row(v3, 3, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                }

                for (; left > 0; left--, x0++, x1++, x2++, x3++, w += Lanes)
                {
                    Vector128<float> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 4), a2 = Vector128.Load(w + 8), a3 = Vector128.Load(w + 12);
                    Row(AdvSimd.LoadAndReplicateToVector128(x0), 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                    Row(AdvSimd.LoadAndReplicateToVector128(x1), 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                    Row(AdvSimd.LoadAndReplicateToVector128(x2), 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                    Row(AdvSimd.LoadAndReplicateToVector128(x3), 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
                }
            }

            Vector128<float> low = Vector128.Create(t.Low), high = Vector128.Create(t.High);
            Finish(in t, 0, low, high, c00, c01, c02, c03);
            if (rows > 1)
                Finish(in t, 1, low, high, c10, c11, c12, c13);
            if (rows > 2)
                Finish(in t, 2, low, high, c20, c21, c22, c23);
            if (rows > 3)
                Finish(in t, 3, low, high, c30, c31, c32, c33);
        }

        /// <summary>One activation × 16 channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Row(
            Vector128<float> x, [ConstantExpected(Max = (byte)3)] byte lane, Vector128<float> w0, Vector128<float> w1,
            Vector128<float> w2, Vector128<float> w3,
            ref Vector128<float> c0, ref Vector128<float> c1, ref Vector128<float> c2, ref Vector128<float> c3)
        {
            c0 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c0, w0, x, lane);
            c1 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c1, w1, x, lane);
            c2 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c2, w2, x, lane);
            c3 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c3, w3, x, lane);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Finish(
            in ConvFp32Tile t, int row, Vector128<float> low, Vector128<float> high,
            Vector128<float> c0, Vector128<float> c1, Vector128<float> c2, Vector128<float> c3)
        {
            if (t.Residual != null)
            {
                // May read past the last channel (ReadSlack), never writes there.
                float* residual = (float*)(t.Residual + row * t.ResidualStride);
                c0 += Vector128.Load(residual);
                c1 += Vector128.Load(residual + 4);
                c2 += Vector128.Load(residual + 8);
                c3 += Vector128.Load(residual + 12);
            }

            float* output = (float*)(t.Output + row * t.OutputStride);
            LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(c0, low, high), output, t.Count);
            LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(c1, low, high), output + 4, t.Count - 4);
            LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(c2, low, high), output + 8, t.Count - 8);
            LanesFp32AdvSimd.Store(LanesFp32AdvSimd.Clamp(c3, low, high), output + 12, t.Count - 12);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Fp32;

/// <summary>
/// Convolution in float32 by <c>fmla</c>, 5 pixels × 16 channels. Starts from bias and residual, then one FMA for each product in the order
/// tap, channel; error bound: <see cref="ConvFp32Reference.ErrorBound"/>.
/// </summary>
/// <remarks>Never timed on hardware: benchmarks/results/arm64-estimates.jsonl.</remarks>
internal sealed unsafe class ConvFp32AdvSimd(ConvFp32Problem problem) : ConvFp32Panels<ConvFp32AdvSimd.Tile>(problem)
{
    public override string Name => nameof(ConvFp32AdvSimd);

    /// <summary>
    /// 5 × 16: 20 registers of sums, 5 of inputs and 4 of weights. A sixth pixel would leave two for weights, for which an in-order processor then
    /// waits; and pictures of 7×7 divide better by five.
    /// </summary>
    internal readonly struct Tile : IConvFp32Tile
    {
        private const int Lanes = 16, BlockBytes = 4 * sizeof(float);

        public static int Rows => 5;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Run(in ConvFp32Tile t, float* w)
        {
            // Constant elsewhere than on Arm64: the rest is then no part of the program.
            if (!AdvSimd.Arm64.IsSupported)
                throw new PlatformNotSupportedException();

            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector128<float> c00 = Vector128.Load(t.Bias), c01 = Vector128.Load(t.Bias + 4),
                c02 = Vector128.Load(t.Bias + 8), c03 = Vector128.Load(t.Bias + 12);
            Vector128<float> c10 = c00, c11 = c01, c12 = c02, c13 = c03, c20 = c00, c21 = c01, c22 = c02, c23 = c03;
            Vector128<float> c30 = c00, c31 = c01, c32 = c02, c33 = c03, c40 = c00, c41 = c01, c42 = c02, c43 = c03;
            // Rows that do not exist repeat the last one that does: no tap asks how many there are.
            nint row1 = Math.Min(1, t.Rows - 1), row2 = Math.Min(2, t.Rows - 1), row3 = Math.Min(3, t.Rows - 1), row4 = t.Rows - 1;
            if (t.Residual != null)
            {
                Residual(t.Residual, ref c00, ref c01, ref c02, ref c03);
                Residual(t.Residual + row1 * t.ResidualStride, ref c10, ref c11, ref c12, ref c13);
                Residual(t.Residual + row2 * t.ResidualStride, ref c20, ref c21, ref c22, ref c23);
                Residual(t.Residual + row3 * t.ResidualStride, ref c30, ref c31, ref c32, ref c33);
                Residual(t.Residual + row4 * t.ResidualStride, ref c40, ref c41, ref c42, ref c43);
            }

            uint* offsets = t.Offsets;
            for (int tap = t.Taps; tap > 0; tap--, offsets += t.TapPitch)
            {
                byte* x0 = t.Input + offsets[0], x1 = t.Input + offsets[row1], x2 = t.Input + offsets[row2];
                byte* x3 = t.Input + offsets[row3], x4 = t.Input + offsets[row4];
                // Bytes: one register is then the index of all pixels.
                nint k = 0, end = (nint)t.TapLength * sizeof(float);
                for (; k <= end - BlockBytes; k += BlockBytes, w += 4 * Lanes)
                {
                    Vector128<float> v0 = Four(x0 + k), v1 = Four(x1 + k), v2 = Four(x2 + k), v3 = Four(x3 + k), v4 = Four(x4 + k);
                    // Weights are loaded half a channel early: the compiler keeps this order, and an in-order processor does not wait.
                    Vector128<float> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 4), b0 = Vector128.Load(w + 8), b1 = Vector128.Load(w + 12);
                    Five(v0, v1, v2, v3, v4, 0, a0, a1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
                    (a0, a1) = (Vector128.Load(w + 16), Vector128.Load(w + 20));
                    Five(v0, v1, v2, v3, v4, 0, b0, b1, ref c02, ref c03, ref c12, ref c13, ref c22, ref c23, ref c32, ref c33, ref c42, ref c43);
                    (b0, b1) = (Vector128.Load(w + 24), Vector128.Load(w + 28));
                    Five(v0, v1, v2, v3, v4, 1, a0, a1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
                    (a0, a1) = (Vector128.Load(w + 32), Vector128.Load(w + 36));
                    Five(v0, v1, v2, v3, v4, 1, b0, b1, ref c02, ref c03, ref c12, ref c13, ref c22, ref c23, ref c32, ref c33, ref c42, ref c43);
                    (b0, b1) = (Vector128.Load(w + 40), Vector128.Load(w + 44));
                    Five(v0, v1, v2, v3, v4, 2, a0, a1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
                    (a0, a1) = (Vector128.Load(w + 48), Vector128.Load(w + 52));
                    Five(v0, v1, v2, v3, v4, 2, b0, b1, ref c02, ref c03, ref c12, ref c13, ref c22, ref c23, ref c32, ref c33, ref c42, ref c43);
                    (b0, b1) = (Vector128.Load(w + 56), Vector128.Load(w + 60));
                    Five(v0, v1, v2, v3, v4, 3, a0, a1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
                    Five(v0, v1, v2, v3, v4, 3, b0, b1, ref c02, ref c03, ref c12, ref c13, ref c22, ref c23, ref c32, ref c33, ref c42, ref c43);
                }

                for (; k < end; k += sizeof(float), w += Lanes)
                {
                    Vector128<float> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 4), b0 = Vector128.Load(w + 8), b1 = Vector128.Load(w + 12);
                    Vector128<float> v0 = One(x0 + k), v1 = One(x1 + k), v2 = One(x2 + k), v3 = One(x3 + k), v4 = One(x4 + k);
                    Five(v0, v1, v2, v3, v4, 0, a0, a1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41);
                    Five(v0, v1, v2, v3, v4, 0, b0, b1, ref c02, ref c03, ref c12, ref c13, ref c22, ref c23, ref c32, ref c33, ref c42, ref c43);
                }
            }

            Vector128<float> low = Vector128.Create(t.Low), high = Vector128.Create(t.High);
            int rows = t.Rows;
            Finish(in t, 0, low, high, c00, c01, c02, c03);
            if (rows > 1)
                Finish(in t, 1, low, high, c10, c11, c12, c13);
            if (rows > 2)
                Finish(in t, 2, low, high, c20, c21, c22, c23);
            if (rows > 3)
                Finish(in t, 3, low, high, c30, c31, c32, c33);
            if (rows > 4)
                Finish(in t, 4, low, high, c40, c41, c42, c43);
        }

        /// <summary>Adds a pixel of the residual. May read past the last channel (ReadSlack).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Residual(
            byte* from, ref Vector128<float> c0, ref Vector128<float> c1, ref Vector128<float> c2, ref Vector128<float> c3)
        {
            c0 += Four(from);
            c1 += Four(from + 16);
            c2 += Four(from + 32);
            c3 += Four(from + 48);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<float> Four(byte* x) => Vector128.Load((float*)x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<float> One(byte* x) => Vector128.CreateScalarUnsafe(*(float*)x);

        /// <summary>One input of five pixels × 8 channels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Five(
            Vector128<float> v0, Vector128<float> v1, Vector128<float> v2, Vector128<float> v3, Vector128<float> v4,
            [ConstantExpected(Max = (byte)3)] byte lane, Vector128<float> w0, Vector128<float> w1,
            ref Vector128<float> c00, ref Vector128<float> c01, ref Vector128<float> c10, ref Vector128<float> c11, ref Vector128<float> c20,
            ref Vector128<float> c21, ref Vector128<float> c30, ref Vector128<float> c31, ref Vector128<float> c40, ref Vector128<float> c41)
        {
            c00 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c00, w0, v0, lane);
            c01 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c01, w1, v0, lane);
            c10 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c10, w0, v1, lane);
            c11 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c11, w1, v1, lane);
            c20 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c20, w0, v2, lane);
            c21 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c21, w1, v2, lane);
            c30 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c30, w0, v3, lane);
            c31 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c31, w1, v3, lane);
            c40 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c40, w0, v4, lane);
            c41 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c41, w1, v4, lane);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Finish(
            in ConvFp32Tile t, int row, Vector128<float> low, Vector128<float> high,
            Vector128<float> c0, Vector128<float> c1, Vector128<float> c2, Vector128<float> c3)
        {
            float* output = (float*)(t.Output + row * t.OutputStride);
            (c0, c1, c2, c3) = (Clamp(c0, low, high), Clamp(c1, low, high), Clamp(c2, low, high), Clamp(c3, low, high));
            if (t.Count == Lanes)
            {
                c0.Store(output);
                c1.Store(output + 4);
                c2.Store(output + 8);
                c3.Store(output + 12);
                return;
            }

            LanesFp32AdvSimd.Store(c0, output, t.Count);
            LanesFp32AdvSimd.Store(c1, output + 4, t.Count - 4);
            LanesFp32AdvSimd.Store(c2, output + 8, t.Count - 8);
            LanesFp32AdvSimd.Store(c3, output + 12, t.Count - 12);
        }

        /// <summary>A NaN stays; of -0 and a bound of 0 becomes 0. Half the instructions of <see cref="LanesFp32AdvSimd.Clamp"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<float> Clamp(Vector128<float> f, Vector128<float> low, Vector128<float> high) =>
            AdvSimd.Min(AdvSimd.Max(f, low), high);
    }
}

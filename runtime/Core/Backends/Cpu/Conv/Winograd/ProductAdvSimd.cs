using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>Matrix product in float32 by <c>fmla</c> for one of Winograd's products: some groups of 4 tiles × 16 channels.</summary>
internal static unsafe class ProductAdvSimd
{
    /// <summary>Tiles of a group and channels of a strip.</summary>
    public const int Rows = 4, Lanes = 16;

    private const int Block = 4;

    /// <summary>Each sum starts at zero and takes one FMA for each channel, in order.</summary>
    /// <param name="x">[group][channels in fours, rounded up][4 tiles][4 channels]; the last four may have fewer channels that count.</param>
    /// <param name="groupPitch">Elements of <paramref name="x"/> from one group to the next.</param>
    /// <param name="weights">[channel][16].</param>
    /// <param name="channels">Products in a sum.</param>
    /// <param name="groups">Groups of 4 tiles.</param>
    /// <param name="y">Receives [group][4 tiles][16].</param>
    /// <param name="pitch">Elements of <paramref name="y"/> from one tile to the next.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run(float* x, nint groupPitch, float* weights, int channels, int groups, float* y, nint pitch)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        for (; groups > 0; groups--, x += groupPitch)
        {
            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector128<float> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
            Vector128<float> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
            float* from = x, w = weights;
            nint left = channels;
            for (; left >= 2 * Block; left -= 2 * Block, from += 2 * Rows * Block, w += 2 * Lanes * Block)
            {
                Four(from, w, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                Four(from + Rows * Block, w + Lanes * Block, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
            }

            if (left >= Block)
            {
                Four(from, w, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                left -= Block;
                from += Rows * Block;
                w += Lanes * Block;
            }

            for (; left > 0; left--, from++, w += Lanes)
            {
                Vector128<float> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 4), a2 = Vector128.Load(w + 8), a3 = Vector128.Load(w + 12);
                Row(AdvSimd.LoadAndReplicateToVector128(from), 0, a0, a1, a2, a3, ref c00, ref c01, ref c02, ref c03);
                Row(AdvSimd.LoadAndReplicateToVector128(from + 4), 0, a0, a1, a2, a3, ref c10, ref c11, ref c12, ref c13);
                Row(AdvSimd.LoadAndReplicateToVector128(from + 8), 0, a0, a1, a2, a3, ref c20, ref c21, ref c22, ref c23);
                Row(AdvSimd.LoadAndReplicateToVector128(from + 12), 0, a0, a1, a2, a3, ref c30, ref c31, ref c32, ref c33);
            }

            Store(y, c00, c01, c02, c03);
            Store(y += pitch, c10, c11, c12, c13);
            Store(y += pitch, c20, c21, c22, c23);
            Store(y += pitch, c30, c31, c32, c33);
            y += pitch;
        }
    }

    /// <summary>Four channels of four tiles × 16 channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        float* x, float* w,
        ref Vector128<float> c00, ref Vector128<float> c01, ref Vector128<float> c02, ref Vector128<float> c03,
        ref Vector128<float> c10, ref Vector128<float> c11, ref Vector128<float> c12, ref Vector128<float> c13,
        ref Vector128<float> c20, ref Vector128<float> c21, ref Vector128<float> c22, ref Vector128<float> c23,
        ref Vector128<float> c30, ref Vector128<float> c31, ref Vector128<float> c32, ref Vector128<float> c33)
    {
        // Weights are loaded one channel early: the compiler keeps this order, and an in-order processor does not wait.
        Vector128<float> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 4), a2 = Vector128.Load(w + 8), a3 = Vector128.Load(w + 12);
        Vector128<float> v0 = Vector128.Load(x), v1 = Vector128.Load(x + 4), v2 = Vector128.Load(x + 8), v3 = Vector128.Load(x + 12);
        Vector128<float> b0 = Vector128.Load(w + 16), b1 = Vector128.Load(w + 20), b2 = Vector128.Load(w + 24), b3 = Vector128.Load(w + 28);
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

    /// <summary>One input × 16 channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        Vector128<float> x, [ConstantExpected(Max = (byte)3)] byte lane, Vector128<float> w0, Vector128<float> w1, Vector128<float> w2,
        Vector128<float> w3, ref Vector128<float> c0, ref Vector128<float> c1, ref Vector128<float> c2, ref Vector128<float> c3)
    {
        c0 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c0, w0, x, lane);
        c1 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c1, w1, x, lane);
        c2 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c2, w2, x, lane);
        c3 = AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(c3, w3, x, lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, Vector128<float> c0, Vector128<float> c1, Vector128<float> c2, Vector128<float> c3)
    {
        c0.Store(y);
        c1.Store(y + 4);
        c2.Store(y + 8);
        c3.Store(y + 12);
    }
}

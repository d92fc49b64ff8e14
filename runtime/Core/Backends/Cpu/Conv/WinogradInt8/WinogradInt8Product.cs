using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// The products of a block of tiles with one panel: 36 times [tile][channel] × [channel][16] by <c>smlal</c>, s16 × s16 to s32, 4 tiles × 16
/// channels at once. Sums may wrap: see <see cref="WinogradInt8Bounds"/>.
/// </summary>
internal static unsafe class WinogradInt8Product
{
    private const int Lanes = WinogradInt8Layout.Lanes, Group = WinogradInt8Layout.Group, Channels = WinogradInt8Layout.Channels;

    /// <summary>One product's sums of some groups of tiles.</summary>
    /// <param name="inputs">[group][channel / 8][4][8].</param>
    /// <param name="weights">[channel][16].</param>
    /// <param name="sums">Receives [group][4][16].</param>
    /// <param name="groups">Groups of four tiles.</param>
    /// <param name="blocks">Blocks of eight channels.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(short* inputs, short* weights, int* sums, int groups, int blocks)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        for (; groups != 0; groups--, sums += Group * Lanes)
        {
            // Accumulators are named locals: arrays of vectors spill, three times slower.
            Vector128<int> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
            Vector128<int> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
            short* w = weights;
            for (int left = blocks; left != 0; left--, inputs += Group * Channels, w += Channels * Lanes)
            {
                Vector128<short> x0 = Vector128.Load(inputs), x1 = Vector128.Load(inputs + 8), x2 = Vector128.Load(inputs + 16),
                    x3 = Vector128.Load(inputs + 24);
                // A channel's weights are loaded while the one before is multiplied: an in-order processor does not wait.
                Vector128<short> a0 = Vector128.Load(w), a1 = Vector128.Load(w + 8), b0 = Vector128.Load(w + 16), b1 = Vector128.Load(w + 24);
                Channel(a0, a1, x0, x1, x2, x3, 0, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                a0 = Vector128.Load(w + 32);
                a1 = Vector128.Load(w + 40);
                Channel(b0, b1, x0, x1, x2, x3, 1, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                b0 = Vector128.Load(w + 48);
                b1 = Vector128.Load(w + 56);
                Channel(a0, a1, x0, x1, x2, x3, 2, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                a0 = Vector128.Load(w + 64);
                a1 = Vector128.Load(w + 72);
                Channel(b0, b1, x0, x1, x2, x3, 3, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                b0 = Vector128.Load(w + 80);
                b1 = Vector128.Load(w + 88);
                Channel(a0, a1, x0, x1, x2, x3, 4, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                a0 = Vector128.Load(w + 96);
                a1 = Vector128.Load(w + 104);
                Channel(b0, b1, x0, x1, x2, x3, 5, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                b0 = Vector128.Load(w + 112);
                b1 = Vector128.Load(w + 120);
                Channel(a0, a1, x0, x1, x2, x3, 6, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
                Channel(b0, b1, x0, x1, x2, x3, 7, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13,
                    ref c20, ref c21, ref c22, ref c23, ref c30, ref c31, ref c32, ref c33);
            }

            Store(sums, c00, c01, c02, c03);
            Store(sums + Lanes, c10, c11, c12, c13);
            Store(sums + 2 * Lanes, c20, c21, c22, c23);
            Store(sums + 3 * Lanes, c30, c31, c32, c33);
        }
    }

    /// <summary>One input channel of four tiles × 16 output channels. Upper halves first: the lower one then needs no copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Channel(
        Vector128<short> w0, Vector128<short> w1, Vector128<short> x0, Vector128<short> x1, Vector128<short> x2, Vector128<short> x3,
        [ConstantExpected(Max = (byte)7)] byte channel,
        ref Vector128<int> c00, ref Vector128<int> c01, ref Vector128<int> c02, ref Vector128<int> c03,
        ref Vector128<int> c10, ref Vector128<int> c11, ref Vector128<int> c12, ref Vector128<int> c13,
        ref Vector128<int> c20, ref Vector128<int> c21, ref Vector128<int> c22, ref Vector128<int> c23,
        ref Vector128<int> c30, ref Vector128<int> c31, ref Vector128<int> c32, ref Vector128<int> c33)
    {
        c01 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c01, w0, x0, channel);
        c11 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c11, w0, x1, channel);
        c21 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c21, w0, x2, channel);
        c31 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c31, w0, x3, channel);
        c03 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c03, w1, x0, channel);
        c13 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c13, w1, x1, channel);
        c23 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c23, w1, x2, channel);
        c33 = AdvSimd.MultiplyBySelectedScalarWideningUpperAndAdd(c33, w1, x3, channel);
        Vector64<short> low0 = w0.GetLower(), low1 = w1.GetLower();
        c00 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c00, low0, x0, channel);
        c10 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c10, low0, x1, channel);
        c20 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c20, low0, x2, channel);
        c30 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c30, low0, x3, channel);
        c02 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c02, low1, x0, channel);
        c12 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c12, low1, x1, channel);
        c22 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c22, low1, x2, channel);
        c32 = AdvSimd.MultiplyBySelectedScalarWideningLowerAndAdd(c32, low1, x3, channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int* sums, Vector128<int> c0, Vector128<int> c1, Vector128<int> c2, Vector128<int> c3)
    {
        c0.Store(sums);
        c1.Store(sums + 4);
        c2.Store(sums + 8);
        c3.Store(sums + 12);
    }
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Preprocess;

/// <summary>
/// As <see cref="ResizeVector256"/>, with four taps of a three-channel pixel at a time: weights of 22 bits are split in two halves of 11 that fit
/// int16, and pmaddwd adds two taps at once. Exact: Σ w·p = (Σ high·p) · 2¹¹ + Σ low·p.
/// </summary>
internal sealed unsafe class ResizeAvx2 : ResizeVector256
{
    private const int Taps = 4;
    private const int LowBits = 11;
    private const byte Zero = 255;

    public static new bool IsSupported => Avx2.IsSupported;

    public override void ResizeRow(byte* row, int channels, ResizeWeights weights, int length, byte* into)
    {
        if (channels != 3)
        {
            base.ResizeRow(row, channels, weights, length, into);
            return;
        }

        // Taps 0 and 1 below, 2 and 3 above: (red, red), (green, green), (blue, blue), nothing; as int16.
        var pairs = Vector256.Create(
            0, Zero, 3, Zero, 1, Zero, 4, Zero, 2, Zero, 5, Zero, Zero, Zero, Zero, Zero,
            6, Zero, 9, Zero, 7, Zero, 10, Zero, 8, Zero, 11, Zero, Zero, Zero, Zero, Zero);
        Vector256<int> first = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1), second = Vector256.Create(2, 2, 2, 2, 3, 3, 3, 3);
        Vector128<int> low = Vector128.Create((1 << LowBits) - 1), half = Vector128.Create(ResizeWeights.Half);
        fixed (int* taps = weights.Weights)
        fixed (int* firsts = weights.First)
        fixed (int* counts = weights.Count)
        {
            int* tap = taps;
            for (int i = 0; i < length; i++, tap += weights.Stride, into += 3)
            {
                byte* pixel = row + (3L * firsts[i]);
                Vector256<int> highSums = Vector256<int>.Zero, lowSums = Vector256<int>.Zero;
                for (int k = 0; k < counts[i]; k += Taps, pixel += 3 * Taps)
                {
                    var weight = Vector128.Load(tap + k);
                    // High 01, high 23, low 01, low 23.
                    var halves = Sse41.PackUnsignedSaturate(weight >>> LowBits, weight & low).AsInt32().ToVector256Unsafe();
                    var values = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(pixel), pairs).AsInt16();
                    highSums += Avx2.MultiplyAddAdjacent(values, Avx2.PermuteVar8x32(halves, first).AsInt16());
                    lowSums += Avx2.MultiplyAddAdjacent(values, Avx2.PermuteVar8x32(halves, second).AsInt16());
                }

                var sums = (highSums << LowBits) + lowSums;
                var value = (sums.GetLower() + sums.GetUpper() + half) >> ResizeWeights.Precision;
                var words = Sse41.PackUnsignedSaturate(value, value).AsInt16();
                *(uint*)into = Sse2.PackUnsignedSaturate(words, words).AsUInt32().ToScalar();
            }
        }
    }
}

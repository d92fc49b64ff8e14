using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Conv.Gathered;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Where four products s8 × s8 may be summed in 16 bits: their weights' magnitudes must be at most 255 in sum, since 255·128 &lt; 2¹⁵. Asked for two
/// blocks of sixteen products of four channels at a time. The longer the sums of a layer, the smaller most of its weights beside the largest.
/// </summary>
internal static unsafe class FoursInt8
{
    private const int Channels = ConvInt8AdvSimd.Product.Channels, Block = ActivationTiles.Block, Pair = 2 * Block;

    /// <summary>Answers of a panel of sixteen channels.</summary>
    /// <param name="depth">Products of an output element.</param>
    public static int PerPanel(int depth) => Epilogues.FinishInt8.Lanes / Channels * PerStrip(depth);

    /// <summary>Answers of four channels.</summary>
    /// <param name="depth">Products of an output element.</param>
    public static int PerStrip(int depth) => depth / Pair;

    /// <summary>[panel][16 / 4][depth / 32], 1 for yes and 0 for no.</summary>
    /// <param name="packed">By <see cref="PackInt8Dense.PackRows"/>.</param>
    /// <param name="depth">Products of an output element.</param>
    public static NativeBlock<int> Of(NativeBlock<sbyte> packed, int depth)
    {
        long stripBytes = ConvInt8AdvSimd.Product.StripBytes(depth), strips = packed.Count / stripBytes;
        int each = PerStrip(depth);
        var fours = new NativeBlock<int>(Math.Max(1, strips * each));
        int* answer = fours.Data;
        for (long strip = 0; strip < strips; strip++)
        {
            sbyte* w = packed.Data + strip * stripBytes;
            for (int i = 0; i < each; i++, w += Channels * Pair)
                *answer++ = Fit(w) ? 1 : 0;
        }

        return fours;
    }

    /// <summary>Whether the products of eight lanes of each channel fit.</summary>
    private static bool Fit(sbyte* w)
    {
        // Sums that saturate are 255 as well, and count as too large.
        var largest = Vector128<byte>.Zero;
        for (int channel = 0; channel < Channels; channel++, w += Block)
        {
            // |-128| is 128 as a byte.
            var first = Vector128.Abs(Vector128.Load(w)).AsByte();
            var second = Vector128.Abs(Vector128.Load(w + Channels * Block)).AsByte();
            var two = Vector128.AddSaturate(first, second);
            largest = Vector128.Max(largest, Vector128.AddSaturate(two, Vector128.Shuffle(two.AsUInt64(), Vector128.Create(1ul, 0)).AsByte()));
        }

        return !Vector128.EqualsAny(largest, Vector128<byte>.AllBitsSet);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Depthwise;

/// <summary>
/// Sums of a depthwise convolution, sixteen channels of some pixels that follow each other: u8 activations are read as s8 (x ^ 0x80 = x - 128),
/// <c>smull</c> gives one exact 16-bit product a channel and tap, <c>smlal</c> adds a second unless both weights are -128, <c>saddw</c> sums in
/// 32 bits.
/// </summary>
internal unsafe struct DepthwiseInt8AdvSimd
{
    private const int Lanes = 16, NineTaps = 9;

    /// <summary>Arena, moved to the panel's first channel.</summary>
    public byte* Input;

    /// <summary>[tap][<see cref="TapPitch"/>], beginning with the first pixel.</summary>
    public uint* Offsets;

    /// <summary>[tap][16].</summary>
    public sbyte* Weights;

    /// <summary>[16], what sums start from.</summary>
    public int* Bias;

    /// <summary>Receives [pixel][16].</summary>
    public int* Sums;

    public int TapPitch, Taps, Pixels;

    /// <summary>The products of two neighbouring taps fit into 16 bits: nowhere are both weights -128, and (127 + 128)·128 &lt; 2¹⁵.</summary>
    public bool PairsFit;

    /// <summary>What <see cref="PairsFit"/> is to be.</summary>
    /// <param name="weights">[panel][tap][16].</param>
    /// <param name="taps">Taps of the filter.</param>
    public static bool PairsFitIn(NativeBlock<sbyte> weights, int taps)
    {
        var least = Vector128.Create(sbyte.MinValue);
        for (sbyte* panel = weights.Data; panel < weights.Data + weights.Count; panel += taps * Lanes)
        {
            for (int tap = 0; tap + 1 < taps; tap += 2)
            {
                sbyte* w = panel + tap * Lanes;
                if ((Vector128.Equals(Vector128.Load(w), least) & Vector128.Equals(Vector128.Load(w + Lanes), least)) != default)
                    return false;
            }
        }

        return true;
    }

    /// <summary>The sums of all pixels.</summary>
    public readonly void Run()
    {
        if (Taps == NineTaps && PairsFit)
            Nine();
        else
            Any();
    }

    /// <summary>3×3: nine vectors of weights stay in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Nine()
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        sbyte* w = Weights;
        Vector128<sbyte> w0 = Vector128.Load(w), w1 = Vector128.Load(w + 16), w2 = Vector128.Load(w + 32), w3 = Vector128.Load(w + 48),
            w4 = Vector128.Load(w + 64), w5 = Vector128.Load(w + 80), w6 = Vector128.Load(w + 96), w7 = Vector128.Load(w + 112),
            w8 = Vector128.Load(w + 128);
        var flip = Vector128.Create((byte)0x80);
        byte* input = Input;
        int* bias = Bias, sums = Sums;
        nint pitch = TapPitch;
        uint* o0 = Offsets, o1 = o0 + pitch, o2 = o1 + pitch, o3 = o2 + pitch, o4 = o3 + pitch, o5 = o4 + pitch, o6 = o5 + pitch, o7 = o6 + pitch,
            o8 = o7 + pitch;
        for (nint i = 0, pixels = Pixels; i < pixels; i++, sums += Lanes)
        {
            Vector128<int> c0 = Vector128.Load(bias), c1 = Vector128.Load(bias + 4), c2 = Vector128.Load(bias + 8), c3 = Vector128.Load(bias + 12);
            Pairs(
                Signed(input + o0[i], flip), Signed(input + o1[i], flip), Signed(input + o2[i], flip), Signed(input + o3[i], flip), w0, w1, w2, w3,
                ref c0, ref c1, ref c2, ref c3);
            Pairs(
                Signed(input + o4[i], flip), Signed(input + o5[i], flip), Signed(input + o6[i], flip), Signed(input + o7[i], flip), w4, w5, w6, w7,
                ref c0, ref c1, ref c2, ref c3);
            Single(Signed(input + o8[i], flip), w8, ref c0, ref c1, ref c2, ref c3);
            Store(sums, c0, c1, c2, c3);
        }
    }

    /// <summary>Any number of taps and any weights.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Any()
    {
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        var flip = Vector128.Create((byte)0x80);
        byte* input = Input;
        int* bias = Bias, sums = Sums;
        uint* first = Offsets;
        nint pitch = TapPitch;
        int pairs = PairsFit ? Taps / 2 : 0, singles = Taps - 2 * pairs;
        for (int pixel = Pixels; pixel > 0; pixel--, sums += Lanes, first++)
        {
            uint* offset = first;
            sbyte* w = Weights;
            Vector128<int> c0 = Vector128.Load(bias), c1 = Vector128.Load(bias + 4), c2 = Vector128.Load(bias + 8), c3 = Vector128.Load(bias + 12);
            for (int pair = pairs; pair > 0; pair--, offset += 2 * pitch, w += 2 * Lanes)
                Pair(
                    Signed(input + offset[0], flip), Signed(input + offset[pitch], flip), Vector128.Load(w), Vector128.Load(w + Lanes),
                    ref c0, ref c1, ref c2, ref c3);
            for (int single = singles; single > 0; single--, offset += pitch, w += Lanes)
                Single(Signed(input + *offset, flip), Vector128.Load(w), ref c0, ref c1, ref c2, ref c3);
            Store(sums, c0, c1, c2, c3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Signed(byte* x, Vector128<byte> flip) => (Vector128.Load(x) ^ flip).AsSByte();

    /// <summary>Four taps. Four products, then the next four: an in-order processor does not wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pairs(
        Vector128<sbyte> x0, Vector128<sbyte> x1, Vector128<sbyte> x2, Vector128<sbyte> x3,
        Vector128<sbyte> w0, Vector128<sbyte> w1, Vector128<sbyte> w2, Vector128<sbyte> w3,
        ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
    {
        Vector128<short> high0 = AdvSimd.MultiplyWideningUpper(x0, w0), high1 = AdvSimd.MultiplyWideningUpper(x2, w2);
        Vector128<short> low0 = AdvSimd.MultiplyWideningLower(x0.GetLower(), w0.GetLower()),
            low1 = AdvSimd.MultiplyWideningLower(x2.GetLower(), w2.GetLower());
        high0 = AdvSimd.MultiplyWideningUpperAndAdd(high0, x1, w1);
        high1 = AdvSimd.MultiplyWideningUpperAndAdd(high1, x3, w3);
        low0 = AdvSimd.MultiplyWideningLowerAndAdd(low0, x1.GetLower(), w1.GetLower());
        low1 = AdvSimd.MultiplyWideningLowerAndAdd(low1, x3.GetLower(), w3.GetLower());
        Add(low0, high0, ref c0, ref c1, ref c2, ref c3);
        Add(low1, high1, ref c0, ref c1, ref c2, ref c3);
    }

    /// <summary>Two taps. Upper halves first: the lower ones then need no copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(
        Vector128<sbyte> x, Vector128<sbyte> y, Vector128<sbyte> w, Vector128<sbyte> v,
        ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
    {
        var high = AdvSimd.MultiplyWideningUpperAndAdd(AdvSimd.MultiplyWideningUpper(x, w), y, v);
        var low = AdvSimd.MultiplyWideningLowerAndAdd(AdvSimd.MultiplyWideningLower(x.GetLower(), w.GetLower()), y.GetLower(), v.GetLower());
        Add(low, high, ref c0, ref c1, ref c2, ref c3);
    }

    /// <summary>One tap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Single(
        Vector128<sbyte> x, Vector128<sbyte> w, ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
    {
        var high = AdvSimd.MultiplyWideningUpper(x, w);
        Add(AdvSimd.MultiplyWideningLower(x.GetLower(), w.GetLower()), high, ref c0, ref c1, ref c2, ref c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector128<short> low, Vector128<short> high, ref Vector128<int> c0, ref Vector128<int> c1, ref Vector128<int> c2, ref Vector128<int> c3)
    {
        c3 = AdvSimd.AddWideningUpper(c3, high);
        c2 = AdvSimd.AddWideningLower(c2, high.GetLower());
        c1 = AdvSimd.AddWideningUpper(c1, low);
        c0 = AdvSimd.AddWideningLower(c0, low.GetLower());
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

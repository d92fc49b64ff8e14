using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Epilogues;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// <see cref="ConvInt8Winograd"/> for x86 processors without dot products: <c>vpmaddwd</c> sums the products of two channels, as in the direct
/// kernel, which takes four times as many.
/// </summary>
internal sealed unsafe class ConvInt8WinogradAvx2(ConvInt8Problem problem)
    : ConvInt8Winograd(problem, EpilogueInt8Avx2.Of(problem), pairsChannels: true)
{
    private const int Lanes = WinogradInt8Layout.Lanes, Group = WinogradInt8Layout.Group, Channels = WinogradInt8Layout.Channels;

    public override string Name => nameof(ConvInt8WinogradAvx2);

    /// <summary>Shape, gain, and the bound within which all sums are exact.</summary>
    public static bool CanRun(ConvInt8Problem p) => WinogradInt8Bounds.CanRun(p, WinogradInt8Cost.Avx2);

    protected override void Multiply(short* inputs, short* weights, int* products, int groups)
    {
        for (int i = 0; i < WinogradInt8Layout.Products; i++, weights += WeightPitch)
        {
            Product(
                (short*)((byte*)inputs + (long)i * Layout.InputPitch), weights, (int*)((byte*)products + (long)i * Layout.ProductPitch), groups,
                Layout.ChannelBlocks * Channels / 2);
        }
    }

    /// <summary>One product's sums: [group][channel / 8][4][8] with [channel / 2][16][2]. Sums may wrap.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Product(short* inputs, short* weights, int* sums, int groups, int pairs)
    {
        for (; groups != 0; groups--, sums += Group * Lanes)
        {
            Vector256<int> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
            short* w = weights;
            for (int left = pairs; left != 0; left -= Channels / 2, inputs += Group * Channels, w += Channels * Lanes)
            {
                Pair(inputs, w, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
                Pair(inputs + 2, w + 32, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
                Pair(inputs + 4, w + 64, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
                Pair(inputs + 6, w + 96, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31);
            }

            c00.Store(sums);
            c01.Store(sums + 8);
            c10.Store(sums + Lanes);
            c11.Store(sums + Lanes + 8);
            c20.Store(sums + 2 * Lanes);
            c21.Store(sums + 2 * Lanes + 8);
            c30.Store(sums + 3 * Lanes);
            c31.Store(sums + 3 * Lanes + 8);
        }
    }

    /// <summary>Two channels of four tiles × 16 output channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(
        short* x, short* w, ref Vector256<int> c00, ref Vector256<int> c01, ref Vector256<int> c10, ref Vector256<int> c11,
        ref Vector256<int> c20, ref Vector256<int> c21, ref Vector256<int> c30, ref Vector256<int> c31)
    {
        Vector256<short> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 16);
        Tile(x, w0, w1, ref c00, ref c01);
        Tile(x + Channels, w0, w1, ref c10, ref c11);
        Tile(x + 2 * Channels, w0, w1, ref c20, ref c21);
        Tile(x + 3 * Channels, w0, w1, ref c30, ref c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(short* x, Vector256<short> w0, Vector256<short> w1, ref Vector256<int> c0, ref Vector256<int> c1)
    {
        var both = Vector256.Create(*(int*)x).AsInt16();
        c0 = Avx2.Add(c0, Avx2.MultiplyAddAdjacent(both, w0));
        c1 = Avx2.Add(c1, Avx2.MultiplyAddAdjacent(both, w1));
    }
}

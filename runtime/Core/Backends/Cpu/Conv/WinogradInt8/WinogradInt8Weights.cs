using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// Transformed weights, [panel][36][channel][16] s16; missing channels are zero. 24·G with the last row divided by 4, which the last column of
/// <see cref="WinogradInt8Output"/> makes up for: rows (6, 0, 0), -4·(1, ±1, 1), (1, ±2, 4), (0, 0, 6).
/// </summary>
internal static unsafe class WinogradInt8Weights
{
    private const int Taps = 9, Side = 3, Half = 8;

    /// <param name="weights">[outputChannels][inputChannels][3][3].</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="layout">How many channels a tile's transformed inputs hold.</param>
    /// <param name="panels">Panels of sixteen output channels.</param>
    public static NativeBlock<short> Pack(ReadOnlySpan<sbyte> weights, int channels, WinogradInt8Layout layout, ConvPanel[] panels)
    {
        int pitch = layout.ChannelBlocks * WinogradInt8Layout.Channels * WinogradInt8Layout.Lanes;
        var packed = new NativeBlock<short>((long)panels.Length * WinogradInt8Layout.Products * pitch);
        short* taps = stackalloc short[Taps * WinogradInt8Layout.Lanes];
        new Span<short>(taps, Taps * WinogradInt8Layout.Lanes).Clear();
        fixed (sbyte* source = weights)
        {
            for (int i = 0; i < panels.Length; i++)
            {
                short* target = packed.Data + (long)i * WinogradInt8Layout.Products * pitch;
                if (panels[i].Count < WinogradInt8Layout.Lanes)
                    new Span<short>(taps, Taps * WinogradInt8Layout.Lanes).Clear();
                for (int c = 0; c < channels; c++, target += WinogradInt8Layout.Lanes)
                {
                    sbyte* filter = source + ((nint)panels[i].First * channels + c) * Taps;
                    for (int lane = 0; lane < panels[i].Count; lane++, filter += (nint)channels * Taps)
                        Spread(filter, taps + lane);
                    Transform(taps, target, pitch);
                    Transform(taps + Half, target + Half, pitch);
                }
            }
        }

        return packed;
    }

    /// <summary>[channel / 2][16][2] in place of [channel][16].</summary>
    public static void Pair(NativeBlock<short> packed)
    {
        short* next = packed.Data, end = next + packed.Count;
        for (; next != end; next += 2 * WinogradInt8Layout.Lanes)
        {
            Vector128<short> a0 = Vector128.Load(next), a1 = Vector128.Load(next + 8), b0 = Vector128.Load(next + 16), b1 = Vector128.Load(next + 24);
            Sse2.UnpackLow(a0, b0).Store(next);
            Sse2.UnpackHigh(a0, b0).Store(next + 8);
            Sse2.UnpackLow(a1, b1).Store(next + 16);
            Sse2.UnpackHigh(a1, b1).Store(next + 24);
        }
    }

    /// <summary>Written out, because every weight of a model passes here while somebody waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(sbyte* filter, short* taps)
    {
        taps[0] = filter[0];
        taps[WinogradInt8Layout.Lanes] = filter[1];
        taps[2 * WinogradInt8Layout.Lanes] = filter[2];
        taps[3 * WinogradInt8Layout.Lanes] = filter[3];
        taps[4 * WinogradInt8Layout.Lanes] = filter[4];
        taps[5 * WinogradInt8Layout.Lanes] = filter[5];
        taps[6 * WinogradInt8Layout.Lanes] = filter[6];
        taps[7 * WinogradInt8Layout.Lanes] = filter[7];
        taps[8 * WinogradInt8Layout.Lanes] = filter[8];
    }

    /// <summary>Eight output channels: columns, then rows.</summary>
    [SkipLocalsInit]
    private static void Transform(short* taps, short* target, int pitch)
    {
        Vector128<short>* columns = stackalloc Vector128<short>[WinogradInt8Layout.Inputs * Side];
        for (int x = 0; x < Side; x++)
        {
            short* g = taps + x * WinogradInt8Layout.Lanes;
            Line(Vector128.Load(g), Vector128.Load(g + Side * WinogradInt8Layout.Lanes), Vector128.Load(g + 2 * Side * WinogradInt8Layout.Lanes),
                (short*)(columns + x), Side * Half);
        }

        for (int y = 0; y < WinogradInt8Layout.Inputs; y++)
            Line(columns[y * Side], columns[y * Side + 1], columns[y * Side + 2], target + (long)y * WinogradInt8Layout.Inputs * pitch, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(Vector128<short> g0, Vector128<short> g1, Vector128<short> g2, short* to, int pitch)
    {
        Vector128<short> outer = (g0 + g2) << 2, inner = g1 << 2, far = g0 + (g2 << 2), near = g1 << 1, twice = g0 << 1, twiceLast = g2 << 1;
        (twice + twice + twice).Store(to);
        (Vector128<short>.Zero - outer - inner).Store(to + pitch);
        (inner - outer).Store(to + 2 * (nint)pitch);
        (far + near).Store(to + 3 * (nint)pitch);
        (far - near).Store(to + 4 * (nint)pitch);
        (twiceLast + twiceLast + twiceLast).Store(to + 5 * (nint)pitch);
    }
}

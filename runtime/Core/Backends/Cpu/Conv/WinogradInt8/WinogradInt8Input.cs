using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ResNetEdge.Backends.Cpu.Conv.WinogradInt8;

/// <summary>
/// Bᵀ d B of u8 pixels as s16: rows (4, 0, -5, 0, 1, 0), (0, ∓4, -4, ±1, 1, 0), (0, ∓2, -1, ±2, 1, 0), (0, 4, 0, -5, 0, 1). Their positive and
/// negative parts sum to at most 68·255 in magnitude over both dimensions.
/// </summary>
internal static unsafe class WinogradInt8Input
{
    private const int Side = WinogradInt8Layout.Inputs;

    /// <summary>Transforms one tile, eight channels at a time.</summary>
    /// <param name="arena">Base of the offsets.</param>
    /// <param name="offsets">[36] of the tile.</param>
    /// <param name="target">Receives the tile's eight elements of the first product and channel block.</param>
    /// <param name="pitch">Bytes from one product to the next.</param>
    /// <param name="blocks">Blocks of eight channels; the last reads up to seven bytes too many (ReadSlack).</param>
    [SkipLocalsInit]
    public static void Transform(byte* arena, uint* offsets, byte* target, nint pitch, int blocks)
    {
        short* columns = stackalloc short[Side * Side * WinogradInt8Layout.Channels];
        for (; blocks > 0; blocks--, arena += WinogradInt8Layout.Channels)
        {
            for (int x = 0; x < Side; x++)
            {
                uint* o = offsets + x;
                Line(
                    Pixel(arena + o[0]), Pixel(arena + o[Side]), Pixel(arena + o[2 * Side]), Pixel(arena + o[3 * Side]),
                    Pixel(arena + o[4 * Side]), Pixel(arena + o[5 * Side]), (byte*)(columns + x * WinogradInt8Layout.Channels),
                    Side * WinogradInt8Layout.Channels * sizeof(short));
            }

            short* row = columns;
            byte* to = target;
            for (int y = 0; y < Side; y++, row += Side * WinogradInt8Layout.Channels, to += Side * pitch)
                Line(
                    Vector128.Load(row), Vector128.Load(row + 8), Vector128.Load(row + 16), Vector128.Load(row + 24),
                    Vector128.Load(row + 32), Vector128.Load(row + 40), to, pitch);
            target += WinogradInt8Layout.Group * WinogradInt8Layout.Channels * sizeof(short);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Pixel(byte* x) =>
        AdvSimd.IsSupported ? AdvSimd.ZeroExtendWideningLower(Vector64.Load(x)).AsInt16() : Sse41.ConvertToVector128Int16(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(
        Vector128<short> d0, Vector128<short> d1, Vector128<short> d2, Vector128<short> d3, Vector128<short> d4, Vector128<short> d5,
        byte* to, nint pitch)
    {
        Vector128<short> evenFour = d4 - (d2 << 2), four1 = d1 << 2, oddFour = d3 - four1, even = d4 - d2, odd = d3 - d1, oddTwo = odd + odd;
        ((d0 << 2) - d2 + evenFour).Store((short*)to);
        (evenFour + oddFour).Store((short*)(to + pitch));
        (evenFour - oddFour).Store((short*)(to + 2 * pitch));
        (even + oddTwo).Store((short*)(to + 3 * pitch));
        (even - oddTwo).Store((short*)(to + 4 * pitch));
        (four1 + d5 - d3 - (d3 << 2)).Store((short*)(to + 5 * pitch));
    }
}

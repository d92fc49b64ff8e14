using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Emit;
using ResNetEdge.Model;

namespace ResNetEdge.Backends.Cpu.Conv.Fp16;

/// <summary>
/// Gathers what the taps of up to eight pixels read into one dense run, [depth / 8][pixels of the tile][8] halves. That is done once and not for each
/// panel of output channels, and the products then know neither taps nor strides.
/// </summary>
/// <remarks>A last block that is not full ends in zeros: a weight of zero times a half that nobody wrote may be a NaN.</remarks>
internal readonly unsafe struct HalfTiles
{
    /// <summary>Pixels of a whole tile; the last one of a block of pixels may have fewer.</summary>
    public const int Pixels = HalfConvArgs.Rows;

    private const int Block = HalfConvArgs.Block, BlockBytes = Block * HalfNumbers.Size;

    private readonly int _taps, _tapLength, _rowPitch;

    public HalfTiles(ConvLayout layout)
    {
        (_taps, _tapLength) = (layout.Taps, layout.TapLength);
        Blocks = (_taps * _tapLength + Block - 1) / Block;
        // Taps that are no whole blocks are laid one behind the other first, with room for what the last copy writes beyond them.
        _rowPitch = _tapLength % Block == 0 ? 0 : (Blocks + 1) * BlockBytes;
    }

    /// <summary>Blocks of a sum's products.</summary>
    public int Blocks { get; }

    /// <summary>Bytes of a pixel's products.</summary>
    public int PixelBytes => Blocks * BlockBytes;

    /// <summary>Bytes that <see cref="Gather"/> needs besides.</summary>
    public int RowBytes => Pixels * _rowPitch;

    /// <summary>Gathers pixels that follow each other.</summary>
    /// <param name="target">Where the tiles are written.</param>
    /// <param name="rows"><see cref="RowBytes"/>.</param>
    /// <param name="source">Arena, moved to the group's first channel.</param>
    /// <param name="offsets">[tap][<paramref name="tapPitch"/>], beginning with the first pixel.</param>
    /// <param name="tapPitch">Offsets of a tap.</param>
    /// <param name="pixels">How many.</param>
    public void Gather(byte* target, byte* rows, byte* source, uint* offsets, int tapPitch, int pixels)
    {
        for (; pixels > 0; pixels -= Pixels, offsets += Pixels, target += Pixels * PixelBytes)
        {
            int count = Math.Min(Pixels, pixels);
            if (_rowPitch != 0)
            {
                for (int pixel = 0; pixel < count; pixel++)
                    Copy(rows + pixel * _rowPitch, source, offsets + pixel, tapPitch);
                if (count == Pixels)
                {
                    Interleave(target, rows, rows + _rowPitch, rows + 2 * _rowPitch, rows + 3 * _rowPitch, rows + 4 * _rowPitch,
                        rows + 5 * _rowPitch, rows + 6 * _rowPitch, rows + 7 * _rowPitch, PixelBytes);
                    continue;
                }

                byte* to = target;
                for (nint i = 0; i < PixelBytes; i += BlockBytes)
                {
                    for (int pixel = 0; pixel < count; pixel++, to += BlockBytes)
                        Vector128.Load(rows + pixel * _rowPitch + i).Store(to);
                }
            }
            else if (count == Pixels)
            {
                Whole(target, source, offsets, tapPitch);
            }
            else
            {
                for (int pixel = 0; pixel < count; pixel++)
                    One(target + pixel * BlockBytes, count * BlockBytes, source, offsets + pixel, tapPitch);
            }
        }
    }

    /// <summary>Eight pixels whose taps are whole blocks: most of the work by far.</summary>
    private void Whole(byte* to, byte* source, uint* offsets, nint tapPitch)
    {
        nint end = _tapLength * HalfNumbers.Size;
        for (int taps = _taps; taps != 0; taps--, offsets += tapPitch)
        {
            to = Interleave(to, source + offsets[0], source + offsets[1], source + offsets[2], source + offsets[3],
                source + offsets[4], source + offsets[5], source + offsets[6], source + offsets[7], end);
        }
    }

    /// <summary>Eight pixels' blocks in turns; returns where the next ones go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Interleave(
        byte* to, byte* x0, byte* x1, byte* x2, byte* x3, byte* x4, byte* x5, byte* x6, byte* x7, nint end)
    {
        for (nint i = 0; i < end; i += BlockBytes, to += Pixels * BlockBytes)
        {
            Vector128<byte> v0 = Vector128.Load(x0 + i), v1 = Vector128.Load(x1 + i), v2 = Vector128.Load(x2 + i), v3 = Vector128.Load(x3 + i);
            Vector128<byte> v4 = Vector128.Load(x4 + i), v5 = Vector128.Load(x5 + i), v6 = Vector128.Load(x6 + i), v7 = Vector128.Load(x7 + i);
            v0.Store(to);
            v1.Store(to + BlockBytes);
            v2.Store(to + 2 * BlockBytes);
            v3.Store(to + 3 * BlockBytes);
            v4.Store(to + 4 * BlockBytes);
            v5.Store(to + 5 * BlockBytes);
            v6.Store(to + 6 * BlockBytes);
            v7.Store(to + 7 * BlockBytes);
        }

        return to;
    }

    /// <summary>One pixel whose taps are whole blocks.</summary>
    private void One(byte* to, nint pitch, byte* source, uint* offsets, nint tapPitch)
    {
        nint end = _tapLength * HalfNumbers.Size;
        for (int taps = _taps; taps != 0; taps--, offsets += tapPitch)
        {
            byte* from = source + *offsets;
            for (nint i = 0; i < end; i += BlockBytes, to += pitch)
                Vector128.Load(from + i).Store(to);
        }
    }

    /// <summary>
    /// One pixel's taps, in rising order because each copy may reach into what the next one writes, and zeros behind them. Reads up to 14 bytes too
    /// many, which <see cref="Steps.Placement.ReadSlack"/> allows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Copy(byte* to, byte* source, uint* offsets, nint tapPitch)
    {
        nint length = _tapLength * HalfNumbers.Size;
        int taps = _taps;
        if (length < BlockBytes)
        {
            for (; taps != 0; taps--, offsets += tapPitch, to += length)
                Vector128.Load(source + *offsets).Store(to);
        }

        for (; taps != 0; taps--, offsets += tapPitch, to += length)
        {
            byte* from = source + *offsets;
            for (nint i = 0; i < length; i += BlockBytes)
                Vector128.Load(from + i).Store(to + i);
        }

        Vector128<byte>.Zero.Store(to);
    }
}

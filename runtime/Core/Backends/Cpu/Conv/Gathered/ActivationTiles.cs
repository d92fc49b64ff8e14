using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNetEdge.Backends.Cpu.Conv.Gathered;

/// <summary>
/// Gathers what the taps of four pixels read into one dense run, [bytes / 16][4 pixels][16]. That is done once and not for each panel of output
/// channels, and the products then know neither taps nor strides.
/// </summary>
/// <remarks>The last block of sixteen ends in bytes that are anything.</remarks>
internal readonly unsafe struct ActivationTiles
{
    /// <summary>Pixels of a tile.</summary>
    public const int Pixels = 4;

    /// <summary>Bytes of a pixel that lie together.</summary>
    public const int Block = 16;

    private readonly int _taps, _tapBytes, _rowPitch;

    public ActivationTiles(ConvLayout layout)
    {
        (_taps, _tapBytes, Depth) = (layout.Taps, layout.TapLength * layout.ElementSize, layout.Taps * layout.TapLength);
        TileBytes = Pixels * ((_taps * _tapBytes + Block - 1) / Block * Block);
        // Taps that are no whole blocks are laid one behind the other first, with room for what the last copy writes beyond them.
        _rowPitch = _taps == 1 || _tapBytes % Block == 0 ? 0 : TileBytes / Pixels + 2 * Block;
    }

    /// <summary>Products of an output element.</summary>
    public int Depth { get; }

    /// <summary>Bytes of a tile.</summary>
    public int TileBytes { get; }

    /// <summary>Bytes that <see cref="Gather"/> needs besides.</summary>
    public int RowBytes => Pixels * _rowPitch;

    /// <summary>Gathers pixels that follow each other; the last tile repeats its first pixel where it has fewer than four.</summary>
    /// <typeparam name="TBytes">What becomes of the bytes.</typeparam>
    /// <param name="target">Whole tiles.</param>
    /// <param name="rows"><see cref="RowBytes"/>.</param>
    /// <param name="source">Arena, moved to the group's first channel.</param>
    /// <param name="offsets">[tap][<paramref name="tapPitch"/>], beginning with the first pixel.</param>
    /// <param name="tapPitch">Offsets of a tap.</param>
    /// <param name="pixels">How many.</param>
    public void Gather<TBytes>(byte* target, byte* rows, byte* source, uint* offsets, int tapPitch, int pixels)
        where TBytes : struct, IGatheredBytes
    {
        for (int left = pixels; left > 0; left -= Pixels, offsets += Pixels, target += TileBytes)
        {
            int second = left > 1 ? 1 : 0, third = left > 2 ? 2 : 0, fourth = left > 3 ? 3 : 0;
            if (_rowPitch == 0 && left >= Pixels)
            {
                Whole<TBytes>(target, source, offsets, tapPitch);
                continue;
            }

            if (_rowPitch == 0)
            {
                byte* to = target;
                uint* o = offsets;
                for (int tap = 0; tap < _taps; tap++, o += tapPitch)
                    to = Interleave<TBytes>(to, source + o[0], source + o[second], source + o[third], source + o[fourth], _tapBytes);
                continue;
            }

            Copy(rows, source, offsets, tapPitch);
            Copy(rows + _rowPitch, source, offsets + second, tapPitch);
            Copy(rows + 2 * _rowPitch, source, offsets + third, tapPitch);
            Copy(rows + 3 * _rowPitch, source, offsets + fourth, tapPitch);
            Interleave<TBytes>(target, rows, rows + _rowPitch, rows + 2 * _rowPitch, rows + 3 * _rowPitch, _taps * _tapBytes);
        }
    }

    /// <summary>Four pixels whose taps are whole blocks: most of the work by far.</summary>
    private void Whole<TBytes>(byte* to, byte* source, uint* offsets, nint tapPitch) where TBytes : struct, IGatheredBytes
    {
        int taps = _taps, length = _tapBytes;
        if (length == Block)
        {
            for (; taps != 0; taps--, offsets += tapPitch)
                to = InterleaveBlock<TBytes>(to, source + offsets[0], source + offsets[1], source + offsets[2], source + offsets[3]);
            return;
        }

        for (; taps != 0; taps--, offsets += tapPitch)
            to = Interleave<TBytes>(to, source + offsets[0], source + offsets[1], source + offsets[2], source + offsets[3], length);
    }

    /// <summary>Reads up to 15 bytes too many, which <see cref="Steps.Placement.ReadSlack"/> allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Interleave<TBytes>(byte* to, byte* x0, byte* x1, byte* x2, byte* x3, int length)
        where TBytes : struct, IGatheredBytes
    {
        for (nint i = 0; i < length; i += Block)
            to = InterleaveBlock<TBytes>(to, x0 + i, x1 + i, x2 + i, x3 + i);
        return to;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* InterleaveBlock<TBytes>(byte* to, byte* x0, byte* x1, byte* x2, byte* x3) where TBytes : struct, IGatheredBytes
    {
        Vector128<byte> v0 = TBytes.Of(Vector128.Load(x0)), v1 = TBytes.Of(Vector128.Load(x1));
        Vector128<byte> v2 = TBytes.Of(Vector128.Load(x2)), v3 = TBytes.Of(Vector128.Load(x3));
        v0.Store(to);
        v1.Store(to + Block);
        v2.Store(to + 2 * Block);
        v3.Store(to + 3 * Block);
        return to + Pixels * Block;
    }

    /// <summary>One pixel's taps, in rising order because each copy may reach into what the next one writes.</summary>
    private void Copy(byte* to, byte* source, uint* offsets, nint tapPitch)
    {
        nint length = _tapBytes;
        for (int taps = _taps; taps != 0; taps--, offsets += tapPitch, to += length)
        {
            byte* from = source + *offsets;
            nint i = 0;
            do
            {
                Vector128<byte> first = Vector128.Load(from + i), second = Vector128.Load(from + i + Block);
                first.Store(to + i);
                second.Store(to + i + Block);
                i += 2 * Block;
            }
            while (i < length);
        }
    }
}

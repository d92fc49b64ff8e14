using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv;

/// <summary>Gathers what the taps of a stretch read into dense rows, one a pixel, for instructions that want rows at a constant distance.</summary>
internal static unsafe class ActivationRows
{
    /// <summary>Bytes that copies may write past the last row.</summary>
    public const int Slack = 64;

    /// <summary>Rows of <see cref="RowBytes"/>: the taps' bytes one after the other, then zeros.</summary>
    /// <param name="target">[rows][RowBytes] and <see cref="Slack"/>.</param>
    /// <param name="source">Arena, moved to the group's first channel.</param>
    /// <param name="offsets">[tap][<paramref name="tapPitch"/>], beginning with the stretch's first tap and the first pixel.</param>
    /// <param name="tapPitch">Offsets of a tap.</param>
    /// <param name="rows">Pixels to gather, one row of the target each.</param>
    /// <param name="stretch">Which bytes.</param>
    public static void Gather(byte* target, byte* source, uint* offsets, int tapPitch, int rows, in ConvStretch stretch)
    {
        int rowBytes = RowBytes(in stretch), length = stretch.Length;
        source += stretch.Start;
        for (int row = 0; row < rows; row++, target += rowBytes, offsets++)
        {
            byte* to = target;
            uint* offset = offsets;
            // In rising order, because each copy may reach into what the next one writes.
            for (int tap = 0; tap < stretch.Taps; tap++, offset += tapPitch, to += length)
                Copy(to, source + *offset, length);
            Vector256<byte>.Zero.Store(to);
            Vector256<byte>.Zero.Store(to + Vector256<byte>.Count);
        }
    }

    /// <summary>Bytes of a row: a multiple of 64.</summary>
    public static int RowBytes(in ConvStretch stretch) => (stretch.Products + 63) / 64 * 64;

    /// <summary>Whole vectors: reads and writes up to 31 bytes too many, which <see cref="Placement.ReadSlack"/> allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* to, byte* from, int length)
    {
        for (int i = 0; i < length; i += Vector256<byte>.Count)
            Vector256.Load(from + i).Store(to + i);
    }
}

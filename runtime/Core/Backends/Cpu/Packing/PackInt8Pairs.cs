using System.Buffers;
using ResNetEdge.Backends.Cpu.Conv;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Weights for <c>vpmaddwd</c>: s8 widened to s16, [panel][tap][steps][even, odd][width][2], where a step is four consecutive elements,
/// even ones first: the order into which masking and shifting splits four activation bytes.
/// </summary>
internal static unsafe class PackInt8Pairs
{
    /// <summary>s16 of a lane and tap step.</summary>
    public const int StepElements = 4;

    public static NativeBlock<short> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int steps = (layout.TapLength + 3) / 4, pitch = steps * StepElements;
        var packed = new NativeBlock<short>((long)(panels[^1].Lane + panels[^1].Width) * layout.Taps * pitch);
        sbyte[] row = ArrayPool<sbyte>.Shared.Rent(layout.Taps * pitch);
        row.AsSpan().Clear();
        foreach (var panel in panels)
        {
            short* target = packed.Data + (long)panel.Lane * layout.Taps * pitch;
            for (int lane = 0; lane < panel.Count; lane++)
            {
                layout.Gather(weights, panel.First + lane, row, pitch);
                Scatter(row, target + lane * 2, layout.Taps * steps, panel.Width);
                if (layout.Groups != layout.Shape.Groups)
                    row.AsSpan().Clear();
            }
        }

        ArrayPool<sbyte>.Shared.Return(row);
        return packed;
    }

    private static void Scatter(sbyte[] row, short* target, int steps, int width)
    {
        fixed (sbyte* source = row)
        {
            sbyte* s = source;
            for (int step = 0; step < steps; step++, s += 4, target += width * 4)
            {
                target[0] = s[0];
                target[1] = s[2];
                target[width * 2] = s[1];
                target[width * 2 + 1] = s[3];
            }
        }
    }
}

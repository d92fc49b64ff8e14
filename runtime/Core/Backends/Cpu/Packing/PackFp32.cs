using System.Runtime.Intrinsics;
using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Backends.Cpu.Layout;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Float weights: [panel][tap][TapLength][width]; lanes without a channel are zero.</summary>
internal static unsafe class PackFp32
{
    /// <summary>Weights and lanes that are transposed at once, and weights of a cache line.</summary>
    private const int Lanes = 4, Line = 16;

    public static NativeBlock<float> Pack(ReadOnlySpan<float> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int steps = layout.Taps * layout.TapLength, depth = layout.Shape.Depth;
        var packed = new NativeBlock<float>((long)(panels[^1].Lane + panels[^1].Width) * steps);
        bool isMerged = layout.Groups != layout.Shape.Groups;
        int[] elements = layout.Places();
        nint[] offsets = new nint[depth];
        int width = 0;
        fixed (nint* places = offsets)
        fixed (float* source = weights)
        {
            foreach (var panel in panels)
            {
                if (panel.Width != width)
                {
                    width = panel.Width;
                    for (int i = 0; i < depth; i++)
                        places[i] = (nint)elements[i] * width;
                }

                float* from = source + (nint)panel.First * depth, to = packed.Data + (nint)panel.Lane * steps;
                int whole = isMerged ? 0 : panel.Count / Lanes * Lanes;
                bool isDense = layout.Shape.Taps == 1;
                // A line of each channel's weights at a time: what is read and what is written then fit the first-level cache.
                for (int first = 0; first < depth; first += Line)
                {
                    for (int lane = 0; lane < whole; lane += Lanes)
                        Transpose(from + (nint)lane * depth, depth, places, first, Math.Min(depth, first + Line), to + lane, isDense ? width : 0);
                }

                for (int lane = whole; lane < panel.Count; lane++)
                {
                    nint first = layout.FirstPlace(panel.First + lane);
                    Scatter(from + (nint)lane * depth, places, 0, depth, to + first * width + lane);
                }
            }
        }

        return packed;
    }

    /// <summary>
    /// Some weights of four output channels; <paramref name="places"/> are elements of the panel, <paramref name="pitch"/> apart unless that is 0.
    /// </summary>
    private static void Transpose(float* from, nint depth, nint* places, nint start, nint end, float* to, nint pitch)
    {
        if (pitch != 0 && start <= end - Lanes)
        {
            float* x0 = from, x1 = x0 + depth, x2 = x1 + depth, x3 = x2 + depth, y0 = to + start * pitch;
            nint pitch2 = 2 * pitch, pitch3 = 3 * pitch, pitch4 = 4 * pitch;
            for (; start <= end - Lanes; start += Lanes, y0 += pitch4)
            {
                var (a, b, c, d) = Transpose4x4.Of(
                    Vector128.Load(x0 + start), Vector128.Load(x1 + start), Vector128.Load(x2 + start), Vector128.Load(x3 + start));
                a.Store(y0);
                b.Store(y0 + pitch);
                c.Store(y0 + pitch2);
                d.Store(y0 + pitch3);
            }
        }

        for (; start <= end - Lanes; start += Lanes)
        {
            var (a, b, c, d) = Transpose4x4.Load((byte*)(from + start), depth * sizeof(float));
            a.Store(to + places[start]);
            b.Store(to + places[start + 1]);
            c.Store(to + places[start + 2]);
            d.Store(to + places[start + 3]);
        }

        for (int lane = 0; lane < Lanes && start < end; lane++)
            Scatter(from + lane * depth, places, start, end, to + lane);
    }

    /// <summary>Some weights of one output channel.</summary>
    private static void Scatter(float* from, nint* places, nint start, nint end, float* to)
    {
        for (; start < end; start++)
            to[places[start]] = from[start];
    }
}

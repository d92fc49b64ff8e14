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
        fixed (int* places = layout.Places())
        fixed (float* source = weights)
        {
            foreach (var panel in panels)
            {
                float* from = source + (nint)panel.First * depth, to = packed.Data + (nint)panel.Lane * steps;
                int whole = isMerged ? 0 : panel.Count / Lanes * Lanes;
                // A line of each channel's weights at a time: what is read and what is written then fit the first-level cache.
                for (int first = 0; first < depth; first += Line)
                {
                    for (int lane = 0; lane < whole; lane += Lanes)
                        Transpose(from + (nint)lane * depth, depth, places, first, Math.Min(depth, first + Line), to + lane, panel.Width);
                }

                for (int lane = whole; lane < panel.Count; lane++)
                {
                    nint first = layout.FirstPlace(panel.First + lane);
                    Scatter(from + (nint)lane * depth, places, 0, depth, to + first * panel.Width + lane, panel.Width);
                }
            }
        }

        return packed;
    }

    /// <summary>Some weights of four output channels.</summary>
    private static void Transpose(float* from, nint depth, int* places, int start, int end, float* to, nint width)
    {
        for (; start <= end - Lanes; start += Lanes)
        {
            var (a, b, c, d) = Transpose4x4.Load((byte*)(from + start), depth * sizeof(float));
            a.Store(to + places[start] * width);
            b.Store(to + places[start + 1] * width);
            c.Store(to + places[start + 2] * width);
            d.Store(to + places[start + 3] * width);
        }

        for (int lane = 0; lane < Lanes; lane++)
            Scatter(from + lane * depth, places, start, end, to + lane, width);
    }

    /// <summary>Some weights of one output channel.</summary>
    private static void Scatter(float* from, int* places, int start, int end, float* to, nint width)
    {
        for (; start < end; start++)
            to[places[start] * width] = from[start];
    }
}

using System.Buffers;
using ResNetEdge.Backends.Cpu.Conv;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Float weights: [panel][tap][TapLength][width]; lanes without a channel are zero.</summary>
internal static unsafe class PackFp32
{
    public static NativeBlock<float> Pack(ReadOnlySpan<float> weights, ConvLayout layout, ConvPanel[] panels)
    {
        int steps = layout.Taps * layout.TapLength;
        var packed = new NativeBlock<float>((long)(panels[^1].Lane + panels[^1].Width) * steps);
        float[] row = ArrayPool<float>.Shared.Rent(steps);
        row.AsSpan().Clear();
        foreach (var panel in panels)
        {
            float* target = packed.Data + (long)panel.Lane * steps;
            for (int lane = 0; lane < panel.Count; lane++)
            {
                layout.Gather(weights, panel.First + lane, row, layout.TapLength);
                for (int step = 0; step < steps; step++)
                    target[(long)step * panel.Width + lane] = row[step];
                if (layout.Groups != layout.Shape.Groups)
                    row.AsSpan().Clear();
            }
        }

        ArrayPool<float>.Shared.Return(row);
        return packed;
    }
}

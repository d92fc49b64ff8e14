using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Model;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Weights in half precision: [panel][products in whole blocks][16]; lanes without a channel and products beyond the last are zero.
/// </summary>
internal static unsafe class PackFp16
{
    /// <summary>Rounds the weights, to nearest and ties to even.</summary>
    /// <param name="weights">ONNX order, all output channels.</param>
    /// <param name="layout">Where a tap's elements lie.</param>
    /// <param name="panels">Of 16 lanes.</param>
    /// <param name="depth">Products of a sum, rounded up to whole blocks.</param>
    public static NativeBlock<Half> Pack(ReadOnlySpan<float> weights, ConvLayout layout, ConvPanel[] panels, int depth)
    {
        int lanes = panels[0].Width;
        var packed = new NativeBlock<Half>((long)panels.Length * depth * lanes);
        float[] row = new float[layout.Taps * layout.TapLength];
        Half[] halves = new Half[row.Length];
        foreach (var panel in panels)
        {
            for (int lane = 0; lane < panel.Count; lane++)
            {
                Array.Clear(row);
                layout.Gather(weights, panel.First + lane, row, layout.TapLength);
                HalfNumbers.Narrow(row, halves);
                Half* to = packed.Data + (long)panel.Lane * depth + lane;
                for (int i = 0; i < halves.Length; i++, to += lanes)
                    *to = halves[i];
            }
        }

        return packed;
    }

    /// <summary>One number for each lane, rounded.</summary>
    public static NativeBlock<Half> Channels(ReadOnlySpan<float> values, ConvPanel[] panels)
    {
        using var floats = PackChannels.Floats(values, panels);
        var packed = new NativeBlock<Half>(floats.Count);
        HalfNumbers.Narrow(new ReadOnlySpan<float>(floats.Data, (int)floats.Count), new Span<Half>(packed.Data, (int)packed.Count));
        return packed;
    }
}

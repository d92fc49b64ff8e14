using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Weights of one input and one output channel a group: [panel][tap][width]; lanes without a channel are zero.</summary>
internal static unsafe class PackDepthwise
{
    /// <param name="weights">[channels][taps], as ONNX stores them.</param>
    /// <param name="shape">Geometry of the depthwise convolution.</param>
    /// <param name="panels">Strips of one width (<see cref="ConvPanel.Strips"/>).</param>
    public static NativeBlock<T> Pack<T>(ReadOnlySpan<T> weights, ConvShape shape, ConvPanel[] panels) where T : unmanaged
    {
        var packed = new NativeBlock<T>((long)(panels[^1].Lane + panels[^1].Width) * shape.Taps);
        foreach (var panel in panels)
        {
            T* target = packed.Data + (long)panel.Lane * shape.Taps;
            for (int lane = 0; lane < panel.Count; lane++)
            {
                var filter = weights.Slice((panel.First + lane) * shape.Taps, shape.Taps);
                for (int tap = 0; tap < filter.Length; tap++)
                    target[tap * panel.Width + lane] = filter[tap];
            }
        }

        return packed;
    }
}

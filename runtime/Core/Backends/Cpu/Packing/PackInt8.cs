using System.Buffers;
using ResNetEdge.Backends.Cpu.Conv;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>
/// Weights for four-byte dot products: [panel][tap][steps][width][4] s8, where a step is four consecutive elements; missing elements are zero.
/// </summary>
internal static unsafe class PackInt8
{
    /// <summary>s8 of a lane and tap step.</summary>
    public const int StepElements = 4;

    /// <param name="weights">ONNX's order.</param>
    /// <param name="layout">Taps and groups.</param>
    /// <param name="panels">Panels of <paramref name="layout"/>.</param>
    /// <param name="slackBytes">Zeros after the last panel, for kernels that read whole blocks of steps.</param>
    public static NativeBlock<sbyte> Pack(ReadOnlySpan<sbyte> weights, ConvLayout layout, ConvPanel[] panels, int slackBytes = 0)
    {
        int steps = (layout.TapLength + 3) / 4, pitch = steps * 4;
        var packed = new NativeBlock<sbyte>((long)(panels[^1].Lane + panels[^1].Width) * layout.Taps * pitch + slackBytes);
        sbyte[] row = ArrayPool<sbyte>.Shared.Rent(layout.Taps * pitch);
        row.AsSpan().Clear();
        foreach (var panel in panels)
        {
            uint* target = (uint*)(packed.Data + (long)panel.Lane * layout.Taps * pitch);
            for (int lane = 0; lane < panel.Count; lane++)
            {
                layout.Gather(weights, panel.First + lane, row, pitch);
                Scatter(row, target + lane, layout.Taps * steps, panel.Width);
                if (layout.Groups != layout.Shape.Groups)
                    row.AsSpan().Clear();
            }
        }

        ArrayPool<sbyte>.Shared.Return(row);
        return packed;
    }

    private static void Scatter(sbyte[] row, uint* target, int steps, int width)
    {
        fixed (sbyte* source = row)
        {
            uint* s = (uint*)source;
            for (int step = 0; step < steps; step++, target += width)
                *target = s[step];
        }
    }
}

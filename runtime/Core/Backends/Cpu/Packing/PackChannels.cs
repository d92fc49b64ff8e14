using ResNetEdge.Backends.Cpu.Conv;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Packing;

/// <summary>Per-channel constants in panel order: [lane], zero where a lane has no channel.</summary>
internal static unsafe class PackChannels
{
    /// <summary>
    /// Bias with the input's zero point folded in: Σ(x - z)·w + b = Σx·w + (b - z·Σw). The sum may wrap; it ends at the same number
    /// modulo 2³², and the whole is known to fit (ConvChecks).
    /// </summary>
    /// <param name="problem">Bias, weights and zero point.</param>
    /// <param name="panels">Order of the lanes.</param>
    /// <param name="offset">What the kernel takes from every activation before it multiplies: 128 where it reads u8 as s8.</param>
    public static NativeBlock<int> FoldedBias(ConvInt8Problem problem, ConvPanel[] panels, int offset = 0)
    {
        var weights = problem.Weights.Span;
        int depth = problem.Shape.Depth;
        var packed = new NativeBlock<int>(Lanes(panels));
        foreach (var panel in panels)
        {
            for (int i = 0; i < panel.Count; i++)
            {
                int sum = WeightSums.Of(weights.Slice((panel.First + i) * depth, depth));
                packed.Data[panel.Lane + i] = problem.Bias[panel.First + i] - (problem.InputZeroPoint - offset) * sum;
            }
        }

        return packed;
    }

    /// <summary>One float for each channel.</summary>
    public static NativeBlock<float> Floats(ReadOnlySpan<float> values, ConvPanel[] panels)
    {
        var packed = new NativeBlock<float>(Lanes(panels));
        foreach (var panel in panels)
            values.Slice(panel.First, panel.Count).CopyTo(new Span<float>(packed.Data + panel.Lane, panel.Count));
        return packed;
    }

    private static int Lanes(ConvPanel[] panels) => panels.Length == 0 ? 0 : panels[^1].Lane + panels[^1].Width;
}

using ResNetEdge.Backends.Cpu.Layout;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

/// <summary>
/// Transformed weights: [panel][product][strip][channel][lane], a strip being all lanes of a panel or the next 16 of them; computed in double and
/// rounded once; lanes without a channel are zero.
/// </summary>
internal static unsafe class WinogradWeights
{
    private const int Taps = WinogradTransform.Taps, Lanes = WinogradTransform.WeightLanes;

    /// <param name="weights">[outputChannels][inputChannels][3][3].</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="panels">Output channels.</param>
    /// <param name="transform">The method.</param>
    /// <param name="strip">Lanes of a strip at most.</param>
    public static NativeBlock<float> Pack(
        ReadOnlySpan<float> weights, int channels, ConvPanel[] panels, WinogradTransform transform, int strip)
    {
        var packed = new NativeBlock<float>((long)(panels[^1].Lane + panels[^1].Width) * transform.Products * channels);
        float* taps = stackalloc float[Taps * Lanes];
        fixed (float* source = weights)
        {
            foreach (var panel in panels)
            {
                float* target = packed.Data + (long)panel.Lane * transform.Products * channels;
                int width = Math.Min(strip, panel.Width);
                nint next = (nint)channels * Taps, pitch = (nint)panel.Width * channels;
                for (nint c = 0; c < channels; c++)
                {
                    float* from = source + (panel.First * (nint)channels + c) * Taps;
                    for (int first = 0; first < panel.Count; first += width)
                    {
                        float* to = target + (first * (nint)channels + c * width);
                        for (int lane = first; lane < Math.Min(panel.Count, first + width); lane += Lanes, from += Lanes * next, to += Lanes)
                        {
                            Gather(from, next, panel.Count - lane, taps);
                            transform.Weights(taps, to, pitch);
                        }
                    }
                }
            }
        }

        return packed;
    }

    /// <summary>The taps between one input channel and four output channels, transposed; zero for channels that are not there.</summary>
    /// <param name="from">[9] of the first output channel.</param>
    /// <param name="next">Elements from one output channel to the next.</param>
    /// <param name="count">Output channels that there are.</param>
    /// <param name="taps">Receives [9][4].</param>
    public static void Gather(float* from, nint next, int count, float* taps)
    {
        if (count >= Lanes)
        {
            Transpose4x4.Run((byte*)from, next * sizeof(float), (byte*)taps, Lanes * sizeof(float));
            Transpose4x4.Run((byte*)(from + Lanes), next * sizeof(float), (byte*)(taps + Lanes * Lanes), Lanes * sizeof(float));
            for (int i = 0; i < Lanes; i++)
                taps[(Taps - 1) * Lanes + i] = from[i * next + Taps - 1];
            return;
        }

        for (int i = 0; i < Taps * Lanes; i++)
            taps[i] = i % Lanes < count ? from[i % Lanes * next + i / Lanes] : 0;
    }
}

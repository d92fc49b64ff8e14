using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Kernels.Packing;

namespace ResNetEdge.Kernels.Conv.Winograd;

/// <summary>Transformed weights: [panel][product][channel][width], computed in double and rounded once; lanes without a channel are zero.</summary>
internal static unsafe class WinogradWeights
{
    private const int Taps = 9, Lanes = 4;

    /// <param name="weights">[outputChannels][inputChannels][3][3].</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="panels">Output channels.</param>
    /// <param name="transform">The method.</param>
    public static NativeBlock<float> Pack(ReadOnlySpan<float> weights, int channels, ConvPanel[] panels, WinogradTransform transform)
    {
        int products = transform.Products;
        var packed = new NativeBlock<float>((long)(panels[^1].Lane + panels[^1].Width) * products * channels);
        Span<Vector256<double>> taps = stackalloc Vector256<double>[Taps];
        Span<Vector256<double>> transformed = stackalloc Vector256<double>[products];
        foreach (var panel in panels)
        {
            float* target = packed.Data + (long)panel.Lane * products * channels;
            for (int c = 0; c < channels; c++)
            {
                for (int lane = 0; lane < panel.Count; lane += Lanes)
                {
                    Gather(weights, panel, lane, c, channels, taps);
                    transform.Weights(taps, transformed);
                    for (int i = 0; i < products; i++)
                        Avx.ConvertToVector128Single(transformed[i]).Store(target + ((long)i * channels + c) * panel.Width + lane);
                }
            }
        }

        return packed;
    }

    /// <summary>The taps between one input channel and four output channels; zero for channels that are not there.</summary>
    private static void Gather(ReadOnlySpan<float> weights, in ConvPanel panel, int lane, int c, int channels, Span<Vector256<double>> taps)
    {
        taps.Clear();
        for (int i = 0; i < Math.Min(Lanes, panel.Count - lane); i++)
        {
            var source = weights.Slice(((panel.First + lane + i) * channels + c) * Taps, Taps);
            for (int tap = 0; tap < Taps; tap++)
                taps[tap] = taps[tap].WithElement(i, source[tap]);
        }
    }
}

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ResNetEdge.Backends.Cpu.Packing;

namespace ResNetEdge.Backends.Cpu.Conv.Winograd;

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
        Vector256<double>* taps = stackalloc Vector256<double>[Taps];
        Vector256<double>* transformed = stackalloc Vector256<double>[products];
        fixed (float* source = weights)
        {
            foreach (var panel in panels)
            {
                float* target = packed.Data + (long)panel.Lane * products * channels;
                for (int c = 0; c < channels; c++)
                {
                    for (int lane = 0; lane < panel.Count; lane += Lanes)
                    {
                        Gather(source + ((nint)(panel.First + lane) * channels + c) * Taps, channels, panel.Count - lane, taps);
                        transform.Weights(new ReadOnlySpan<Vector256<double>>(taps, Taps), new Span<Vector256<double>>(transformed, products));
                        for (int i = 0; i < products; i++)
                            Avx.ConvertToVector128Single(transformed[i]).Store(target + ((long)i * channels + c) * panel.Width + lane);
                    }
                }
            }
        }

        return packed;
    }

    /// <summary>The taps between one input channel and four output channels, transposed; zero for channels that are not there.</summary>
    private static void Gather(float* weights, int channels, int count, Vector256<double>* taps)
    {
        float* zeros = stackalloc float[Taps];
        new Span<float>(zeros, Taps).Clear();
        nint next = (nint)channels * Taps;
        float* w0 = weights, w1 = count > 1 ? w0 + next : zeros, w2 = count > 2 ? w0 + 2 * next : zeros, w3 = count > 3 ? w0 + 3 * next : zeros;
        for (int tap = 0; tap < Taps - 1; tap += Lanes)
        {
            Vector128<float> a = Vector128.Load(w0 + tap), b = Vector128.Load(w1 + tap), c = Vector128.Load(w2 + tap), d = Vector128.Load(w3 + tap);
            Vector128<float> low = Sse.UnpackLow(a, b), high = Sse.UnpackHigh(a, b), lowNext = Sse.UnpackLow(c, d), highNext = Sse.UnpackHigh(c, d);
            taps[tap] = Avx.ConvertToVector256Double(Sse.MoveLowToHigh(low, lowNext));
            taps[tap + 1] = Avx.ConvertToVector256Double(Sse.MoveHighToLow(lowNext, low));
            taps[tap + 2] = Avx.ConvertToVector256Double(Sse.MoveLowToHigh(high, highNext));
            taps[tap + 3] = Avx.ConvertToVector256Double(Sse.MoveHighToLow(highNext, high));
        }

        taps[Taps - 1] = Vector256.Create((double)w0[Taps - 1], w1[Taps - 1], w2[Taps - 1], w3[Taps - 1]);
    }
}

using System.Runtime.Intrinsics;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Resize;

/// <summary>
/// Float Resize, eight channels at a time in the reference's order of summation, so that it equals it bit for bit. Channels that do not fill the
/// last eight are done with some of those before them once more.
/// </summary>
internal sealed unsafe class ResizeFp32Avx2(ResizeProblem problem) : ResizeKernel(problem)
{
    private const int Lanes = 8, LinearTaps = 4;

    public override string Name => nameof(ResizeFp32Avx2);

    protected override void Pixel(float** taps, float* weights, int count, float* output, int channels)
    {
        int last = channels - Lanes;
        if (last < 0)
            Rest(taps, weights, count, output, 0, channels);
        else if (count == LinearTaps)
            Linear(taps, weights, output, last);
        else
            Any(taps, weights, count, output, last);
    }

    /// <summary>Two rows and two columns: all of it in registers.</summary>
    private static void Linear(float** taps, float* weights, float* output, int last)
    {
        float* a = taps[0], b = taps[1], c = taps[2], d = taps[3];
        Vector256<float> wa = Vector256.Create(weights[0]), wb = Vector256.Create(weights[1]);
        Vector256<float> wc = Vector256.Create(weights[2]), wd = Vector256.Create(weights[3]);
        for (int i = 0; ; i = Math.Min(i + Lanes, last))
        {
            (wa * Vector256.Load(a + i) + wb * Vector256.Load(b + i) + wc * Vector256.Load(c + i) + wd * Vector256.Load(d + i)).Store(output + i);
            if (i == last) return;
        }
    }

    private static void Any(float** taps, float* weights, int count, float* output, int last)
    {
        for (int i = 0; ; i = Math.Min(i + Lanes, last))
        {
            var sum = Vector256.Create(weights[0]) * Vector256.Load(taps[0] + i);
            for (int tap = 1; tap < count; tap++) sum += Vector256.Create(weights[tap]) * Vector256.Load(taps[tap] + i);
            sum.Store(output + i);
            if (i == last) return;
        }
    }
}

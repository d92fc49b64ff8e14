using System.Runtime.Intrinsics;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Resize;

/// <summary>Float Resize, eight channels at a time in the reference's order of summation, so that it equals it bit for bit.</summary>
internal sealed unsafe class ResizeFp32Avx2(ResizeProblem problem) : ResizeKernel(problem)
{
    private const int Lanes = 8;

    public override string Name => nameof(ResizeFp32Avx2);

    protected override void Pixel(float** taps, float* weights, int count, float* output, int channels)
    {
        int c = 0;
        for (; c <= channels - Lanes; c += Lanes)
        {
            var sum = Vector256.Create(weights[0]) * Vector256.Load(taps[0] + c);
            for (int i = 1; i < count; i++) sum += Vector256.Create(weights[i]) * Vector256.Load(taps[i] + c);
            sum.Store(output + c);
        }

        Rest(taps, weights, count, output, c, channels);
    }
}

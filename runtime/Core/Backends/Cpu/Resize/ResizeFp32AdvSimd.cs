using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Resize;

/// <summary>Float Resize, four channels at a time in the reference's order of summation, so that it equals it bit for bit.</summary>
internal sealed unsafe class ResizeFp32AdvSimd(ResizeProblem problem) : ResizeKernel(problem)
{
    private const int Lanes = 4;

    public override string Name => nameof(ResizeFp32AdvSimd);

    protected override void Pixel(float** taps, float* weights, int count, float* output, int channels)
    {
        // Constant elsewhere than on Arm64: the rest is then no part of the program.
        if (!AdvSimd.Arm64.IsSupported)
            throw new PlatformNotSupportedException();

        int c = 0;
        for (; c <= channels - Lanes; c += Lanes)
        {
            var sum = Vector128.Create(weights[0]) * Vector128.Load(taps[0] + c);
            for (int i = 1; i < count; i++) sum += Vector128.Create(weights[i]) * Vector128.Load(taps[i] + c);
            sum.Store(output + c);
        }

        Rest(taps, weights, count, output, c, channels);
    }
}

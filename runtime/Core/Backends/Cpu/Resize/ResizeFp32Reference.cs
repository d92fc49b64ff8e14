using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Resize;

/// <summary>Float Resize, a channel at a time.</summary>
internal sealed unsafe class ResizeFp32Reference(ResizeProblem problem) : ResizeKernel(problem)
{
    public override string Name => nameof(ResizeFp32Reference);

    protected override void Pixel(float** taps, float* weights, int count, float* output, int channels) =>
        Rest(taps, weights, count, output, 0, channels);
}

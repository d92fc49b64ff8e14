using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Resize;

/// <summary>Resize, a channel at a time; of bytes, copies alone.</summary>
internal sealed unsafe class ResizeReference(ResizeProblem problem) : ResizeKernel(problem)
{
    public override string Name => nameof(ResizeReference);

    protected override void Pixel(float** taps, float* weights, int count, float* output, int channels) =>
        Rest(taps, weights, count, output, 0, channels);
}

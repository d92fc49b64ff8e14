using ResNetEdge.Model;

namespace ResNetEdge.Kernels.Layout;

/// <summary>Element by element; the definition.</summary>
internal sealed unsafe class NchwToNhwcReference(NchwToNhwcProblem problem) : PreparedKernel
{
    public override string Name => nameof(NchwToNhwcReference);

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        float* input = (float*)(arena + problem.InputOffset);
        bool quantize = problem.OutputType == ElementType.UInt8;
        var (start, end) = KernelPart.Range(s.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.Height, y = row % s.Height;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            for (int c = 0; c < s.Channels; c++)
            {
                float* line = input + (((long)image * s.Channels + c) * s.Height + y) * s.Width;
                for (int x = 0; x < s.Width; x++)
                {
                    byte* pixel = output + (long)x * problem.Output.PixelStride;
                    if (quantize)
                        pixel[c] = Requantize.Quantize(line[x], problem.Scale, problem.ZeroPoint);
                    else
                        ((float*)pixel)[c] = line[x];
                }
            }
        }
    }
}

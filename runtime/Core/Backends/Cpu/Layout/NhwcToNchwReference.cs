using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>Element by element; the definition.</summary>
internal sealed unsafe class NhwcToNchwReference(NhwcToNchwProblem problem) : PreparedKernel
{
    public override string Name => nameof(NhwcToNchwReference);

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        var (start, end) = KernelPart.Range(s.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.Height, y = row % s.Height;
            byte* input = arena + problem.Input.Offset + image * problem.Input.ImageStride + (long)y * problem.Input.RowStride;
            for (int c = 0; c < s.Channels; c++)
            {
                long line = (((long)image * s.Channels + c) * s.Height + y) * s.Width;
                for (int x = 0; x < s.Width; x++)
                    Element(input + (long)x * problem.Input.PixelStride, c, arena + problem.OutputOffset, line + x);
            }
        }
    }

    private void Element(byte* pixel, int c, byte* output, long index)
    {
        if (problem.InputType == ElementType.Float32)
            ((float*)output)[index] = ((float*)pixel)[c];
        else if (problem.OutputType == ElementType.UInt8)
            output[index] = pixel[c];
        else
            ((float*)output)[index] = (pixel[c] - problem.ZeroPoint) * problem.Scale;
    }
}

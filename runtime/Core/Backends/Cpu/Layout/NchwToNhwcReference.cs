using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Layout;

/// <summary>Element by element; the definition.</summary>
internal sealed unsafe class NchwToNhwcReference(NchwToNhwcProblem problem) : PreparedKernel
{
    public override string Name => nameof(NchwToNhwcReference);

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        byte* input = arena + problem.InputOffset;
        var (start, end) = KernelPart.Range(s.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.Height, y = row % s.Height;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            for (int c = 0; c < s.Channels; c++)
            {
                long line = (((long)image * s.Channels + c) * s.Height + y) * s.Width;
                for (int x = 0; x < s.Width; x++)
                    Element(input, line + x, output + (long)x * problem.Output.PixelStride, c);
            }
        }
    }

    private void Element(byte* input, long index, byte* pixel, int c)
    {
        if (problem.InputType == ElementType.UInt8)
            pixel[c] = input[index];
        else if (problem.OutputType == ElementType.UInt8)
            pixel[c] = Requantize.Quantize(((float*)input)[index], problem.Scale, problem.ZeroPoint);
        else
            ((float*)pixel)[c] = ((float*)input)[index];
    }
}

using System.Numerics;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Largest element of each window; the padding never wins. A NaN among floats is passed over unless it comes first in its window.</summary>
internal sealed unsafe class MaxPoolReference<T>(MaxPoolProblem problem) : PreparedKernel where T : unmanaged, INumber<T>
{
    public override string Name => $"MaxPool{KernelTypes.KernelWord<T>()}Reference";

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        var (start, end) = KernelPart.Range(s.Output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.OutputHeight, y = row % s.OutputHeight;
            byte* input = arena + problem.Input.Offset + image * problem.Input.ImageStride;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            for (int x = 0; x < s.OutputWidth; x++)
            {
                for (int c = 0; c < s.Channels; c++)
                    ((T*)(output + (long)x * problem.Output.PixelStride))[c] = Max(input, y, x, c);
            }
        }
    }

    private T Max(byte* input, int y, int x, int c)
    {
        var s = problem.Shape;
        var (rows, columns) = (s.TapRows(y), s.TapColumns(x));
        T max = default;
        for (int tapY = rows.First; tapY < rows.End; tapY++)
        {
            byte* line = input + (long)(y * s.StrideHeight - s.PadTop + tapY * s.DilationHeight) * problem.Input.RowStride;
            for (int tapX = columns.First; tapX < columns.End; tapX++)
            {
                T value = ((T*)(line + (long)(x * s.StrideWidth - s.PadLeft + tapX * s.DilationWidth) * problem.Input.PixelStride))[c];
                bool first = tapY == rows.First && tapX == columns.First;
                max = first || value > max || T.IsNaN(value) ? value : max;
            }
        }

        return max;
    }
}

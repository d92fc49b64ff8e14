using System.Numerics;
using ResNetEdge.Backends.Cpu.Conv.Fp32;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>
/// Average of each float window: the sum in float32 in the order row, column, divided by the count, and rounded once to float16 where elements are
/// that. Error at most γ(count + 1)·mean|x|, see ConvFp32Reference.ErrorBound, and that of the rounding.
/// </summary>
/// <typeparam name="T">Float32 or float16.</typeparam>
internal sealed unsafe class AveragePoolFloatReference<T>(AveragePoolProblem problem) : PreparedKernel where T : unmanaged, INumber<T>
{
    public override string Name => $"AveragePool{KernelTypes.KernelWord<T>()}Reference";

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
                    ((T*)(output + (long)x * problem.Output.PixelStride))[c] = T.CreateTruncating(Average(input, y, x, c));
            }
        }
    }

    private float Average(byte* input, int y, int x, int c)
    {
        var s = problem.Shape;
        var (rows, columns) = (s.TapRows(y), s.TapColumns(x));
        float sum = 0;
        for (int tapY = rows.First; tapY < rows.End; tapY++)
        {
            byte* line = input + (long)(y * s.StrideHeight - s.PadTop + tapY * s.DilationHeight) * problem.Input.RowStride;
            for (int tapX = columns.First; tapX < columns.End; tapX++)
            {
                byte* pixel = line + (long)(x * s.StrideWidth - s.PadLeft + tapX * s.DilationWidth) * problem.Input.PixelStride;
                sum += float.CreateTruncating(((T*)pixel)[c]);
            }
        }

        return sum / problem.Count(rows.End - rows.First, columns.End - columns.First);
    }
}

using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>
/// Average of each float16 window: the sum in float32 in the order row, column, divided by the count and rounded once. Error at most that of
/// <see cref="AveragePoolFp32Reference"/> and of the rounding.
/// </summary>
internal sealed unsafe class AveragePoolFp16Reference(AveragePoolProblem problem) : PreparedKernel
{
    public override string Name => nameof(AveragePoolFp16Reference);

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
                    ((Half*)(output + (long)x * problem.Output.PixelStride))[c] = (Half)Average(input, y, x, c);
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
                sum += (float)((Half*)(line + (long)(x * s.StrideWidth - s.PadLeft + tapX * s.DilationWidth) * problem.Input.PixelStride))[c];
        }

        return sum / problem.Count(rows.End - rows.First, columns.End - columns.First);
    }
}

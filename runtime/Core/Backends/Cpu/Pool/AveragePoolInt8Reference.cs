using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Average of each u8 window; see <see cref="AveragePoolProblem"/> for the arithmetic.</summary>
internal sealed unsafe class AveragePoolInt8Reference(AveragePoolProblem problem) : PreparedKernel
{
    public override string Name => nameof(AveragePoolInt8Reference);

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
                    output[(long)x * problem.Output.PixelStride + c] = Average(input, y, x, c);
            }
        }
    }

    private byte Average(byte* input, int y, int x, int c)
    {
        var s = problem.Shape;
        var (rows, columns) = (s.TapRows(y), s.TapColumns(x));
        int sum = 0;
        for (int tapY = rows.First; tapY < rows.End; tapY++)
        {
            byte* line = input + (long)(y * s.StrideHeight - s.PadTop + tapY * s.DilationHeight) * problem.Input.RowStride;
            for (int tapX = columns.First; tapX < columns.End; tapX++)
                sum += line[(long)(x * s.StrideWidth - s.PadLeft + tapX * s.DilationWidth) * problem.Input.PixelStride + c] - problem.InputZeroPoint;
        }

        float f = sum * problem.MultiplierFor(problem.Count(rows.End - rows.First, columns.End - columns.First));
        return Requantize.ToUInt8(f, problem.OutputZeroPoint, problem.Low, problem.High);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>Average of each float window, eight channels at a time in the reference's order of summation, so that it equals it bit for bit.</summary>
internal sealed unsafe class AveragePoolFp32Avx2(AveragePoolProblem problem) : PreparedKernel
{
    private const int Lanes = 8;

    public override string Name => nameof(AveragePoolFp32Avx2);

    /// <summary>A pixel must fill a vector.</summary>
    public static bool CanRun(AveragePoolProblem problem) => problem.Type == Model.ElementType.Float32 && problem.Shape.Channels >= Lanes;

    public override void Run(byte* arena, int part, int parts)
    {
        var s = problem.Shape;
        var (start, end) = KernelPart.Range(s.Output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.OutputHeight, y = row % s.OutputHeight;
            var taps = s.TapRows(y);
            byte* lines = arena + problem.Input.Offset + image * problem.Input.ImageStride
                + (long)(y * s.StrideHeight - s.PadTop + taps.First * s.DilationHeight) * problem.Input.RowStride;
            byte* output = arena + problem.Output.Offset + image * problem.Output.ImageStride + (long)y * problem.Output.RowStride;
            for (int x = 0; x < s.OutputWidth; x++, output += problem.Output.PixelStride)
            {
                var columns = s.TapColumns(x);
                byte* window = lines + (long)(x * s.StrideWidth - s.PadLeft + columns.First * s.DilationWidth) * problem.Input.PixelStride;
                Pixel(window, taps.End - taps.First, columns.End - columns.First, (float*)output);
            }
        }
    }

    private void Pixel(byte* window, int rows, int columns, float* output)
    {
        var count = Vector256.Create((float)problem.Count(rows, columns));
        int last = problem.Shape.Channels - Lanes;
        for (int c = 0; c < last; c += Lanes)
            (Sum(window + c * sizeof(float), rows, columns) / count).Store(output + c);
        (Sum(window + last * sizeof(float), rows, columns) / count).Store(output + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Sum(byte* window, int rows, int columns)
    {
        long down = (long)problem.Shape.DilationHeight * problem.Input.RowStride,
            right = (long)problem.Shape.DilationWidth * problem.Input.PixelStride;
        var sum = Vector256<float>.Zero;
        for (int y = 0; y < rows; y++, window += down)
        {
            byte* x = window;
            for (int i = 0; i < columns; i++, x += right)
                sum += Vector256.Load((float*)x);
        }

        return sum;
    }
}

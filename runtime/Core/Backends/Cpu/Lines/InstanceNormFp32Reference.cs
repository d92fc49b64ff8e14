using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Lines;

/// <summary>The definition of normalising a channel of a picture: sums in float64, row by row.</summary>
internal sealed unsafe class InstanceNormFp32Reference(InstanceNormFp32Problem problem) : PreparedKernel
{
    public override string Name => nameof(InstanceNormFp32Reference);

    public override void Run(byte* arena, int part, int parts)
    {
        var (start, end) = KernelPart.Range(problem.Shape.Batch * problem.Shape.Channels, part, parts);
        for (int i = start; i < end; i++)
            Channel(problem, arena, i / problem.Shape.Channels, i % problem.Shape.Channels);
    }

    /// <summary>One channel of one picture.</summary>
    public static void Channel(InstanceNormFp32Problem problem, byte* arena, int image, int channel)
    {
        var s = problem.Shape;
        long skipped = channel * sizeof(float);
        double sum = 0, squares = 0, pixels = (double)s.Height * s.Width;
        for (int y = 0; y < s.Height; y++)
        {
            byte* row = arena + skipped + At(problem.Input, image, y);
            for (int x = 0; x < s.Width; x++)
                sum += *(float*)(row + (long)x * problem.Input.PixelStride);
        }

        double mean = sum / pixels;
        for (int y = 0; y < s.Height; y++)
        {
            byte* row = arena + skipped + At(problem.Input, image, y);
            for (int x = 0; x < s.Width; x++)
            {
                double distance = *(float*)(row + (long)x * problem.Input.PixelStride) - mean;
                squares += distance * distance;
            }
        }

        double factor = 1 / Math.Sqrt(squares / pixels + problem.Epsilon);
        for (int y = 0; y < s.Height; y++)
        {
            byte* from = arena + skipped + At(problem.Input, image, y), to = arena + skipped + At(problem.Output, image, y);
            for (int x = 0; x < s.Width; x++)
            {
                float standard = (float)((*(float*)(from + (long)x * problem.Input.PixelStride) - mean) * factor);
                *(float*)(to + (long)x * problem.Output.PixelStride) =
                    MathF.FusedMultiplyAdd(standard, problem.Scale[channel], problem.Bias[channel]);
            }
        }
    }

    /// <summary>Bytes from the arena's base to a row.</summary>
    public static long At(in Placement placement, int image, int row) =>
        placement.Offset + image * placement.ImageStride + (long)row * placement.RowStride;
}

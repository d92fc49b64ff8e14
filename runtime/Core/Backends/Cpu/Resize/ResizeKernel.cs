using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Resize;

/// <summary>The walk over output pixels that all Resize kernels share; only how a pixel's taps are added up is their own.</summary>
internal abstract unsafe class ResizeKernel(ResizeProblem problem) : PreparedKernel
{
    private const int MaxTaps = ResizeTaps.MaxCount * ResizeTaps.MaxCount;

    private readonly bool _copies = problem.IsNearest;

    public sealed override void Run(byte* arena, int part, int parts)
    {
        float** taps = stackalloc float*[MaxTaps];
        float* weights = stackalloc float[MaxTaps];
        var (rows, columns) = (problem.Rows, problem.Columns);
        int channels = problem.Output.Channels, count = rows.Count * columns.Count, bytes = channels * problem.Type.KernelSize();
        var (start, end) = KernelPart.Range(problem.Output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / problem.Output.Height, y = row % problem.Output.Height;
            byte* from = arena + problem.From.Offset + image * problem.From.ImageStride;
            byte* to = arena + problem.To.Offset + image * problem.To.ImageStride + (long)y * problem.To.RowStride;
            for (int x = 0; x < problem.Output.Width; x++, to += problem.To.PixelStride)
            {
                for (int r = 0, tap = 0; r < rows.Count; r++)
                {
                    byte* line = from + (long)rows.Indices[y * rows.Count + r] * problem.From.RowStride;
                    float weight = rows.Weights[y * rows.Count + r];
                    for (int c = x * columns.Count; c < (x + 1) * columns.Count; c++, tap++)
                    {
                        taps[tap] = (float*)(line + (long)columns.Indices[c] * problem.From.PixelStride);
                        weights[tap] = weight * columns.Weights[c];
                    }
                }

                if (_copies) Buffer.MemoryCopy(taps[0], to, bytes, bytes);
                else Pixel(taps, weights, count, (float*)to, channels);
            }
        }
    }

    /// <summary>Adds up the taps of one pixel.</summary>
    /// <param name="taps">Channel 0 of each tap.</param>
    /// <param name="weights">Weight of each tap.</param>
    /// <param name="count">How many taps there are.</param>
    /// <param name="output">Channel 0 of the output pixel.</param>
    /// <param name="channels">Channels of it.</param>
    protected abstract void Pixel(float** taps, float* weights, int count, float* output, int channels);

    /// <summary>Channels from one on, one at a time.</summary>
    protected static void Rest(float** taps, float* weights, int count, float* output, int first, int channels)
    {
        for (int c = first; c < channels; c++)
        {
            float sum = weights[0] * taps[0][c];
            for (int i = 1; i < count; i++) sum += weights[i] * taps[i][c];
            output[c] = sum;
        }
    }
}

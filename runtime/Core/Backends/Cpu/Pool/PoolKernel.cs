using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Pool;

/// <summary>The walk over output pixels that vector pools share; only what a window is reduced to is their own.</summary>
internal abstract unsafe class PoolKernel(PoolShape shape, Placement input, Placement output) : PreparedKernel
{
    /// <summary>Bytes from a tap to the one below it.</summary>
    protected long Down { get; } = (long)shape.DilationHeight * input.RowStride;

    /// <summary>Bytes from a tap to its right neighbour.</summary>
    protected long Right { get; } = (long)shape.DilationWidth * input.PixelStride;

    public sealed override void Run(byte* arena, int part, int parts)
    {
        var s = shape;
        var (start, end) = KernelPart.Range(s.Output.Rows, part, parts);
        for (int row = start; row < end; row++)
        {
            int image = row / s.OutputHeight, y = row % s.OutputHeight;
            var taps = s.TapRows(y);
            byte* lines = arena + input.Offset + image * input.ImageStride
                + (long)(y * s.StrideHeight - s.PadTop + taps.First * s.DilationHeight) * input.RowStride;
            byte* pixel = arena + output.Offset + image * output.ImageStride + (long)y * output.RowStride;
            for (int x = 0; x < s.OutputWidth; x++, pixel += output.PixelStride)
            {
                var columns = s.TapColumns(x);
                byte* window = lines + (long)(x * s.StrideWidth - s.PadLeft + columns.First * s.DilationWidth) * input.PixelStride;
                Pixel(window, taps.End - taps.First, columns.End - columns.First, pixel);
            }
        }
    }

    /// <summary>Reduces one window.</summary>
    /// <param name="window">Channel 0 of its first tap inside the picture.</param>
    /// <param name="rows">Filter rows inside the picture.</param>
    /// <param name="columns">Filter columns inside the picture.</param>
    /// <param name="output">Channel 0 of the output pixel.</param>
    protected abstract void Pixel(byte* window, int rows, int columns, byte* output);
}

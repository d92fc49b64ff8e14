using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu;

/// <summary>
/// Walks the pixels of activations of one shape in runs that are contiguous in each of them: whole rows where channels fill
/// the pixels, else single pixels. Elementwise kernels work on such runs.
/// </summary>
internal readonly struct RowWalk
{
    private readonly int _height;
    private readonly int _runsPerRow;

    /// <param name="shape">Sizes of all activations.</param>
    /// <param name="packed">In each of them the channels fill the pixels.</param>
    public RowWalk(NhwcShape shape, bool packed)
    {
        _height = shape.Height;
        _runsPerRow = packed ? 1 : shape.Width;
        Runs = shape.Rows * _runsPerRow;
        Length = packed ? shape.Width * shape.Channels : shape.Channels;
    }

    /// <summary>The channels fill the pixels of every one of these placements.</summary>
    public static bool ArePacked(NhwcShape shape, params ReadOnlySpan<(Placement Placement, int ElementSize)> placements)
    {
        foreach (var (placement, size) in placements)
        {
            if (placement.PixelStride != shape.Channels * size)
                return false;
        }

        return true;
    }

    /// <summary>Number of runs.</summary>
    public int Runs { get; }

    /// <summary>Elements of a run.</summary>
    public int Length { get; }

    /// <summary>Offset of a run in an activation.</summary>
    public long Offset(in Placement placement, int run)
    {
        // Most activations have no gaps between rows, and a line of a few channels takes less time than three divisions.
        if (placement.ImageStride == (long)_height * placement.RowStride)
        {
            if (_runsPerRow == 1) return placement.Offset + (long)run * placement.RowStride;
            if (placement.RowStride == (long)_runsPerRow * placement.PixelStride) return placement.Offset + (long)run * placement.PixelStride;
        }

        int row = run / _runsPerRow;
        return placement.Offset + row / _height * placement.ImageStride + (long)(row % _height) * placement.RowStride
            + (long)(run % _runsPerRow) * placement.PixelStride;
    }
}

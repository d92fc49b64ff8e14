namespace ResNetEdge.Steps;

/// <summary>
/// Where an NHWC activation lies in the arena. Element (n, y, x, c) is at
/// <c>Offset + n·ImageStride + y·RowStride + x·PixelStride + c·elementSize</c> bytes from the arena's base.
/// </summary>
/// <param name="Offset">Bytes from the arena's base to element (0, 0, 0, 0).</param>
/// <param name="PixelStride">Bytes from one pixel to its right neighbour; at least the channels'
/// bytes, more when channels are padded or a slice of a wider buffer.</param>
/// <param name="RowStride">Bytes from one row to the next; more than width·PixelStride only where a border surrounds the picture.</param>
/// <param name="ImageStride">Bytes from one picture of the batch to the next.</param>
/// <remarks>Kernels may read, never write, up to <see cref="ReadSlack"/> bytes past the last
/// channel of any pixel; the arena ends with that much slack.</remarks>
internal readonly record struct Placement(long Offset, int PixelStride, int RowStride, long ImageStride)
{
    /// <summary>Bytes that a kernel may read past the end of a pixel.</summary>
    public const int ReadSlack = 64;

    /// <summary>Rows follow each other without border: pixels can be walked with one stride.</summary>
    public bool IsDense(int height, int width) => RowStride == width * PixelStride && ImageStride == (long)height * RowStride;

    /// <summary>Dense pixels seen as pictures of another height and width.</summary>
    public Placement Viewed(NhwcShape shape)
    {
        int row = shape.Width * PixelStride;
        return this with { RowStride = row, ImageStride = (long)shape.Height * row };
    }

    /// <summary>The same, so many bytes further on.</summary>
    public Placement Moved(long bytes) => this with { Offset = Offset + bytes };
}

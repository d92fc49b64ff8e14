namespace ResNetEdge.Device.Cameras;

/// <summary>How many bytes a frame of one format has and where its planes lie; the one definition for cameras and converters.</summary>
/// <param name="Format">Of the frames.</param>
/// <param name="Name">For people.</param>
/// <param name="BytesPerPixel">Of the first plane; 0 for coded formats.</param>
/// <param name="ChromaPlanes">Planes behind the first: 0, 1 (pairs) or 2.</param>
/// <param name="IsChromaHalfHeight">Chroma planes have half the rows.</param>
internal sealed record FrameLayout(FourCc Format, string Name, int BytesPerPixel, int ChromaPlanes = 0, bool IsChromaHalfHeight = false)
{
    /// <summary>Longest side of a frame, in pixels.</summary>
    public const int MaxSide = 16_384;

    /// <summary>Most bytes of a frame; a larger claim is refused before memory is taken.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>A compressed picture, of any length.</summary>
    public bool IsCoded => BytesPerPixel == 0;

    /// <summary>Two pixels share their chroma, so rows are whole pairs.</summary>
    private bool HasPairs => ChromaPlanes > 0 || BytesPerPixel == 2;

    /// <summary>Fewest bytes from row to row of the first plane.</summary>
    /// <param name="width">1 to <see cref="MaxSide"/> pixels.</param>
    public int LeastStride(int width) => BytesPerPixel * (HasPairs ? (width + 1) & ~1 : width);

    /// <summary>Bytes from row to row of a chroma plane: as the first for pairs, half of it for two planes, as V4L2 lays them.</summary>
    public int ChromaStride(int stride) => ChromaPlanes == 2 ? stride / 2 : stride;

    /// <summary>Rows of a chroma plane.</summary>
    public int ChromaRows(int height) => IsChromaHalfHeight ? (height + 1) / 2 : height;

    /// <summary>First byte of a chroma plane.</summary>
    /// <param name="plane">0 or 1.</param>
    /// <param name="stride">Of the first plane.</param>
    /// <param name="height">In pixels.</param>
    public long ChromaStart(int plane, int stride, int height) => ((long)stride * height) + ((long)plane * ChromaStride(stride) * ChromaRows(height));

    /// <summary>Where the chroma planes are.</summary>
    /// <param name="given">As the frame says.</param>
    /// <param name="stride">Of the first plane.</param>
    /// <param name="height">In pixels.</param>
    public ChromaPlacement Place(ChromaPlacement given, int stride, int height) => !given.IsImplied || ChromaPlanes == 0 ? given
        : new((int)ChromaStart(0, stride, height), (int)ChromaStart(ChromaPlanes - 1, stride, height), ChromaStride(stride));

    /// <summary>Fewest bytes of a whole frame: padding after the last row need not be there. 0 for coded formats.</summary>
    public long LeastBytes(int width, int stride, int height)
    {
        if (IsCoded) return 0;
        int row = LeastStride(width);
        return ChromaPlanes == 0
            ? ((long)stride * (height - 1)) + row
            : ChromaStart(ChromaPlanes - 1, stride, height) + ((long)ChromaStride(stride) * (ChromaRows(height) - 1))
                + (ChromaPlanes == 2 ? row / 2 : row);
    }

    /// <summary>Why a frame of this size cannot be used, or null.</summary>
    /// <param name="width">As claimed.</param>
    /// <param name="height">As claimed.</param>
    /// <param name="stride">As claimed; nothing for coded formats.</param>
    /// <param name="length">Bytes that there are.</param>
    /// <param name="chroma">As claimed.</param>
    public string? Fault(long width, long height, long stride, long length, ChromaPlacement chroma = default)
    {
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide)
            return $"{width}x{height} pixels are out of range; each side must be from 1 to {MaxSide}";
        if (IsCoded) return length is < 1 or > MaxBytes ? $"{length} bytes are out of range; 1 to {MaxBytes} are supported" : null;
        int least = LeastStride((int)width);
        if (stride < least || stride > MaxBytes)
            return $"a stride of {stride} bytes is out of range; {width} pixels of {Format} need {least}, and at most {MaxBytes} are supported";
        if (!chroma.IsImplied && ChromaPlanes > 0) return PlaneFault((int)width, (int)height, stride, length, chroma);
        long needs = LeastBytes((int)width, (int)stride, (int)height);
        if (needs > MaxBytes) return $"{needs} bytes are more than {MaxBytes}";
        return length < needs ? $"{length} bytes where {width}x{height} pixels of {Format} need {needs}" : null;
    }

    /// <summary>Planes may have gaps between them and any order; each must lie inside the frame.</summary>
    private string? PlaneFault(int width, int height, long stride, long length, ChromaPlacement chroma)
    {
        if (length > MaxBytes) return $"{length} bytes are more than {MaxBytes}";
        int row = ChromaPlanes == 2 ? LeastStride(width) / 2 : LeastStride(width);
        if (chroma.Stride < row || chroma.Stride > MaxBytes)
            return $"a chroma stride of {chroma.Stride} bytes is out of range; {width} pixels of {Format} need {row}";
        long luma = (stride * (height - 1)) + LeastStride(width), rest = ((long)chroma.Stride * (ChromaRows(height) - 1)) + row;
        bool fits = luma <= length && chroma.First >= 0 && chroma.First + rest <= length
            && (ChromaPlanes == 1 || (chroma.Second >= 0 && chroma.Second + rest <= length));
        return fits ? null : $"the planes of {width}x{height} pixels of {Format} exceed the frame's {length} bytes";
    }
}

namespace ResNetEdge.Steps;

/// <summary>
/// What every kernel may take for granted of a <see cref="Placement"/>, checked once at load. A violation is a defect of the plan, not of the model.
/// </summary>
internal static class PlacementChecks
{
    /// <summary>Throws unless pixels, rows and pictures lie behind each other without overlap.</summary>
    public static void Check(this Placement placement, string what, NhwcShape shape, int elementSize)
    {
        Require(shape is { Batch: > 0, Height: > 0, Width: > 0, Channels: > 0 }, what, "has an empty shape");
        Require(placement.Offset >= 0, what, "lies before the arena");
        Require(placement.PixelStride >= (long)shape.Channels * elementSize, what, "has pixels that overlap");
        Require(placement.PixelStride % elementSize == 0 && placement.Offset % elementSize == 0, what, "is not aligned to its elements");
        Require(placement.RowStride >= (long)shape.Width * placement.PixelStride, what, "has rows that overlap");
        Require(shape.Batch == 1 || placement.ImageStride >= (long)shape.Height * placement.RowStride, what, "has pictures that overlap");
    }

    /// <summary>Throws unless pixels can be walked with one stride.</summary>
    public static void CheckDense(this Placement placement, string what, NhwcShape shape, int elementSize)
    {
        placement.Check(what, shape, elementSize);
        Require(placement.RowStride == shape.Width * placement.PixelStride, what, "has a border");
        Require(shape.Batch == 1 || placement.ImageStride == (long)shape.Height * placement.RowStride, what, "has gaps between pictures");
    }

    private static void Require(bool condition, string what, string complaint)
    {
        if (!condition)
            throw new ArgumentException($"{what} {complaint}");
    }
}

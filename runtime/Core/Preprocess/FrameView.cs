namespace ResNetEdge.Preprocess;

/// <summary>
/// The part of a camera's frames that a network sees: a region, and in it what is covered. Everything is in shares of the whole frame, from 0 to 1,
/// so that it holds for a camera in any size.
/// </summary>
/// <param name="Region">What is cut out before the resize.</param>
/// <param name="Masks">Polygons that are filled, of the whole frame.</param>
/// <param name="FillsWithMean">By the model's mean color, which its normalisation makes 0; else black.</param>
internal sealed record FrameView(FrameRegion Region, IReadOnlyList<IReadOnlyList<FramePoint>> Masks, bool FillsWithMean);

/// <summary>A rectangle in shares of a frame.</summary>
/// <param name="X">Of its left side.</param>
/// <param name="Y">Of its upper side.</param>
/// <param name="Width">More than 0.</param>
/// <param name="Height">More than 0.</param>
internal readonly record struct FrameRegion(double X, double Y, double Width, double Height)
{
    /// <summary>The whole frame.</summary>
    public static FrameRegion Whole => new(0, 0, 1, 1);

    /// <summary>Its columns in a frame of that width: at least one.</summary>
    public (int First, int Count) Columns(int width) => Within(X, Width, width);

    /// <summary>Its rows in a frame of that height: at least one.</summary>
    public (int First, int Count) Rows(int height) => Within(Y, Height, height);

    private static (int First, int Count) Within(double from, double share, int size)
    {
        int first = Math.Min((int)Math.Round(from * size), size - 1);
        return (first, Math.Clamp((int)Math.Round((from + share) * size) - first, 1, size - first));
    }
}

/// <summary>A point in shares of a frame.</summary>
/// <param name="X">0 is the left side, 1 the right.</param>
/// <param name="Y">0 is the upper side, 1 the lower.</param>
internal readonly record struct FramePoint(double X, double Y);

namespace ResNetEdge.Operators.Detection;

/// <summary>
/// Intersection over union of two boxes, in single precision as ONNX Runtime computes it: a tie with the threshold falls as it does there.
/// </summary>
internal static class BoxOverlap
{
    /// <summary>Of two boxes of a list of four numbers each: two opposite corners y, x, y, x, or centre x, y, width and height.</summary>
    public static float Of(ReadOnlySpan<float> boxes, int one, int other, bool isCentred)
    {
        Corners a = CornersOf(boxes.Slice(one * 4, 4), isCentred), b = CornersOf(boxes.Slice(other * 4, 4), isCentred);
        float height = MathF.Min(a.Bottom, b.Bottom) - MathF.Max(a.Top, b.Top), width = MathF.Min(a.Right, b.Right) - MathF.Max(a.Left, b.Left);
        float intersection = MathF.Max(height, 0) * MathF.Max(width, 0);
        if (!(intersection > 0) || !(a.Area > 0) || !(b.Area > 0)) return 0;
        float union = a.Area + b.Area - intersection;
        return union > 0 ? intersection / union : 0;
    }

    private static Corners CornersOf(ReadOnlySpan<float> box, bool isCentred)
    {
        if (isCentred)
        {
            float halfWidth = box[2] / 2, halfHeight = box[3] / 2;
            return new(box[1] - halfHeight, box[0] - halfWidth, box[1] + halfHeight, box[0] + halfWidth);
        }

        return new(MathF.Min(box[0], box[2]), MathF.Min(box[1], box[3]), MathF.Max(box[0], box[2]), MathF.Max(box[1], box[3]));
    }

    private readonly record struct Corners(float Top, float Left, float Bottom, float Right)
    {
        public float Area => (Bottom - Top) * (Right - Left);
    }
}

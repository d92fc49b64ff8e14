namespace ResNetEdge.Preprocess;

/// <summary>
/// Which pixels of each row polygons cover: those whose center lies inside, by the even-odd rule. Computed once for a size of frames; looking a row
/// up allocates nothing.
/// </summary>
internal sealed class MaskSpans
{
    private readonly int[] _firstOfRow; // [height + 1], into the next
    private readonly List<(int From, int To)> _spans = [];

    /// <summary>Computes the spans of a window of a frame.</summary>
    /// <param name="polygons">In shares of the whole frame.</param>
    /// <param name="size">Of the whole frame, in pixels.</param>
    /// <param name="window">Of the frame, in pixels; spans are counted from its left side.</param>
    public MaskSpans(
        IReadOnlyList<IReadOnlyList<FramePoint>> polygons, (int Width, int Height) size, (int Left, int Top, int Width, int Height) window)
    {
        _firstOfRow = new int[window.Height + 1];
        var crossings = new List<double>();
        for (int y = 0; y < window.Height; y++)
        {
            _firstOfRow[y] = _spans.Count;
            foreach (var polygon in polygons)
            {
                Cross(polygon, size, window.Top + y + 0.5, crossings);
                for (int i = 0; i + 1 < crossings.Count; i += 2)
                {
                    int from = Math.Max(FirstCenterAt(crossings[i]) - window.Left, 0);
                    int to = Math.Min(FirstCenterAt(crossings[i + 1]) - window.Left, window.Width);
                    if (from < to) _spans.Add((from, to));
                }
            }
        }

        _firstOfRow[window.Height] = _spans.Count;
    }

    /// <summary>How many spans a row has.</summary>
    public int CountOf(int y) => _firstOfRow[y + 1] - _firstOfRow[y];

    /// <summary>One of a row's spans: from the first pixel, up to the one after the last. Two may overlap.</summary>
    public (int From, int To) Of(int y, int index) => _spans[_firstOfRow[y] + index];

    private static int FirstCenterAt(double x) => (int)Math.Ceiling(x - 0.5);

    private static void Cross(IReadOnlyList<FramePoint> polygon, (int Width, int Height) size, double y, List<double> crossings)
    {
        crossings.Clear();
        for (int i = 0; i < polygon.Count; i++)
        {
            var (a, b) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            double above = a.Y * size.Height, below = b.Y * size.Height;
            if (above <= y == below <= y) continue;
            crossings.Add((a.X + ((y - above) / (below - above) * (b.X - a.X))) * size.Width);
        }

        crossings.Sort();
    }
}

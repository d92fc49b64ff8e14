using ResNetEdge.Pixels;

namespace ResNetEdge.Preprocess;

/// <summary>
/// The rows of a region of a picture, with what is masked filled. A region is an offset into rows that are there already; only a row with a mask is
/// copied, by itself. Allocates when a picture of another size comes, and nothing otherwise.
/// </summary>
internal sealed unsafe class ViewedRows : PixelRows, IDisposable
{
    private readonly NativeBuffer _row = new(); // [width][channels], one row that is masked
    private readonly byte[] _fill = new byte[3];
    private PixelRows? _whole;
    private FrameView? _view;
    private MaskSpans? _spans;
    private (int Width, int Height) _size;
    private (int Left, int Top, int Width, int Height) _window;

    public override int Width => _window.Width;

    public override int Height => _window.Height;

    public override int Channels => Whole.Channels;

    public override bool IsBlueFirst => Whole.IsBlueFirst;

    public override bool StayInPlace => _spans is null && Whole.StayInPlace;

    private PixelRows Whole => _whole ?? throw new InvalidOperationException("no picture yet");

    /// <summary>Takes a picture's rows from now on.</summary>
    /// <param name="whole">All of the picture.</param>
    /// <param name="view">What is seen of it.</param>
    /// <param name="spec">Of the model, for its mean color.</param>
    public ViewedRows Set(PixelRows whole, FrameView view, PreprocessSpec spec)
    {
        _whole = whole;
        if (!ReferenceEquals(view, _view) || (whole.Width, whole.Height) != _size)
        {
            (_view, _size) = (view, (whole.Width, whole.Height));
            var (columns, rows) = (view.Region.Columns(whole.Width), view.Region.Rows(whole.Height));
            _window = (columns.First, rows.First, columns.Count, rows.Count);
            _spans = view.Masks.Count == 0 ? null : new MaskSpans(view.Masks, _size, _window);
        }

        if (_spans is null) return this;
        _ = _row.Reserve((long)_window.Width * whole.Channels);
        SetFill(whole, spec, view.FillsWithMean);
        return this;
    }

    public override byte* Row(int y, int first, int end)
    {
        int channels = Whole.Channels;
        byte* row = Whole.Row(y + _window.Top, first + _window.Left, end + _window.Left) + ((long)_window.Left * channels);
        int count = _spans?.CountOf(y) ?? 0;
        if (count == 0) return row;
        long start = (long)first * channels;
        Buffer.MemoryCopy(row + start, _row.Data + start, _row.Capacity - start, (long)(end - first) * channels);
        for (int i = 0; i < count; i++)
        {
            var (from, to) = _spans!.Of(y, i);
            Fill(Math.Max(from, first), Math.Min(to, end), channels);
        }

        return _row.Data;
    }

    /// <inheritdoc/>
    public void Dispose() => _row.Dispose();

    private void Fill(int from, int to, int channels)
    {
        for (int x = from; x < to; x++)
        {
            for (int c = 0; c < channels; c++) _row.Data[((long)x * channels) + c] = _fill[c];
        }
    }

    private void SetFill(PixelRows whole, PreprocessSpec spec, bool isMean)
    {
        for (int c = 0; c < whole.Channels; c++)
        {
            float mean = spec.Channels == 1 ? spec.Mean[0]
                : whole.Channels == 1 ? (spec.Mean[0] + spec.Mean[1] + spec.Mean[2]) / 3
                : spec.Mean[whole.IsBlueFirst == (spec.Color == ColorOrder.Bgr) ? c : 2 - c];
            _fill[c] = isMean ? (byte)Math.Clamp(MathF.Round(255 * mean), 0, 255) : (byte)0;
        }
    }
}

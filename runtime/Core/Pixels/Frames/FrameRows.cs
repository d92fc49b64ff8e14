using ResNetEdge.Device.Cameras;

namespace ResNetEdge.Pixels.Frames;

/// <summary>
/// The rows of a raw frame, converted one by one when they are asked for; a row of red, green, blue stays in the first-level cache.
/// </summary>
internal sealed unsafe class FrameRows : PixelRows, IDisposable
{
    private const int Block = 16; // pixels that a conversion begins and ends at, so that few are left over for the slow loop

    private readonly YuvKernel _kernel;
    private readonly NativeBuffer _row = new(); // [width][channels]
    private FrameFormat _format = FrameFormats.All[0];
    private FrameLayout _layout = FrameLayouts.All[0];
    private YuvMatrix _matrix;
    private YuvColor _color = (YuvColor)(-1);
    private byte* _data;
    private long _length;
    private int _width, _height, _stride;
    private ChromaPlacement _chroma;

    /// <summary>Chooses the kernel that converts YUV rows.</summary>
    /// <param name="kernel">Null takes the fastest.</param>
    public FrameRows(YuvKernel? kernel = null) => _kernel = kernel ?? YuvKernels.All[0];

    public override int Width => _width;

    public override int Height => _height;

    public override int Channels => _format.Content == FrameContent.Gray ? 1 : 3;

    public override bool IsBlueFirst => _format.Content == FrameContent.Bgr;

    public override bool StayInPlace => false;

    /// <summary>Takes a raw frame's rows from now on, until the frame is released.</summary>
    /// <returns>Null, or why the frame cannot be used.</returns>
    public string? Set(in Frame frame, FrameFormat format)
    {
        if (_layout.Format != frame.Format)
            _layout = FrameLayouts.Of(frame.Format) ?? throw new ArgumentException($"{frame.Format} has no layout", nameof(frame));
        if (_layout.Fault(frame.Width, frame.Height, frame.Stride, frame.Length, frame.Chroma) is { } fault) return fault;
        if (frame.Color != _color) (_color, _matrix) = (frame.Color, YuvMatrix.Of(frame.Color));
        _data = frame.Data;
        (_format, _length, _width, _height, _stride) = (format, frame.Length, frame.Width, frame.Height, frame.Stride);
        _chroma = _layout.Place(frame.Chroma, _stride, _height);
        _ = _row.Reserve((long)_width * Channels);
        return null;
    }

    public override byte* Row(int y, int first, int end)
    {
        byte* row = _data + ((long)y * _stride);
        if (_format.Content == FrameContent.Yuv)
        {
            int from = first / Block * Block, to = Math.Min((end + Block - 1) / Block * Block, _width);
            _kernel.Convert(YuvRowAt(y, row).From(from), _matrix, to - from, _row.Data + (3L * from));
            return _row.Data;
        }

        long last = (long)end * Channels;
        if (((long)y * _stride) + last + Slack <= _length) return row;
        long start = (long)first * Channels; // the last rows have nothing behind them that may be read
        new ReadOnlySpan<byte>(row + start, (int)(last - start)).CopyTo(new Span<byte>(_row.Data + start, (int)(last - start)));
        return _row.Data;
    }

    /// <inheritdoc/>
    public void Dispose() => _row.Dispose();

    private YuvRow YuvRowAt(int y, byte* row)
    {
        if (_layout.ChromaPlanes == 0) return new YuvRow(_format.Order, row, null, null);
        long offset = (long)(_layout.IsChromaHalfHeight ? y / 2 : y) * _chroma.Stride;
        byte* chroma = _data + _chroma.First + offset;
        if (_layout.ChromaPlanes == 1) return new YuvRow(_format.Order, row, chroma, null);
        byte* other = _data + _chroma.Second + offset;
        return _layout.Format == FourCc.Yvu420 ? new YuvRow(_format.Order, row, other, chroma) : new YuvRow(_format.Order, row, chroma, other);
    }
}

using ResNetEdge.Steps;

namespace ResNetEdge.Backends.Cpu.Conv.Int8;

/// <summary>
/// Offsets [tap][quad] for kernels that read four neighbouring pixels at once. Where such four reach beyond the picture's side, they
/// are put together in scratch memory before the kernel runs: for each input row, padding and its first three pixels, its last three and padding.
/// </summary>
internal sealed unsafe class QuadEdges
{
    /// <summary>Pixels read at once.</summary>
    public const int Pixels = 4;

    private const int EdgesPerRow = 2;
    private readonly ConvShape _shape;
    private readonly Placement _input;
    private readonly long _padding, _scratch;
    private readonly bool _hasBorder;
    private readonly int _pixelBytes;

    /// <param name="shape">3×3, padding 1, width a multiple of four.</param>
    /// <param name="input">Pixels without gaps.</param>
    /// <param name="padding">Run of padding of at least four pixels.</param>
    /// <param name="scratch">Offset of <see cref="ScratchBytes"/> bytes.</param>
    public QuadEdges(ConvShape shape, Placement input, long padding, long scratch)
    {
        (_shape, _input, _padding, _scratch) = (shape, input, padding, scratch);
        _hasBorder = new TapReader(shape, input, padding).HasBorder;
        _pixelBytes = input.PixelStride;
    }

    /// <summary>Scratch memory that a shape needs.</summary>
    public static long ScratchBytes(ConvShape s) => (long)s.Batch * s.InputHeight * EdgesPerRow * Pixels * s.InputChannels;

    /// <summary>Fills the table of offsets from the arena's base.</summary>
    /// <exception cref="EdgeException">Exit 3: the arena would exceed 4 GiB.</exception>
    public void Fill(uint* offsets)
    {
        var reader = new TapReader(_shape, _input, _padding);
        int lines = _shape.Batch * _shape.OutputHeight;
        for (int tap = 0; tap < _shape.Taps; tap++)
        {
            int tapY = tap / _shape.KernelWidth, tapX = tap % _shape.KernelWidth;
            for (int line = 0; line < lines; line++)
            {
                long row = reader.Row(line, tapY);
                for (int x = 0; x < _shape.OutputWidth; x += Pixels)
                    *offsets++ = Indirection.Narrow(Offset(reader, line, row, tapY, x - _shape.PadLeft + tapX));
            }
        }
    }

    /// <summary>Puts the edges together that a range of output lines reads. Ranges that meet write the same bytes to the lines they share.</summary>
    public void Gather(byte* arena, int firstLine, int endLine)
    {
        if (_hasBorder)
            return;
        for (int image = firstLine / _shape.OutputHeight; image * _shape.OutputHeight < endLine; image++)
        {
            int first = Math.Max(firstLine - image * _shape.OutputHeight, 0),
                end = Math.Min(endLine - image * _shape.OutputHeight, _shape.OutputHeight);
            int last = Math.Min(end + _shape.KernelHeight - 1 - _shape.PadTop, _shape.InputHeight);
            for (int y = Math.Max(first - _shape.PadTop, 0); y < last; y++)
                GatherRow(arena, image, y);
        }
    }

    private void GatherRow(byte* arena, int image, int y)
    {
        byte* row = arena + _input.Offset + image * _input.ImageStride + (long)y * _input.RowStride, to = arena + Edge(image, y, 0);
        long three = (Pixels - 1) * _pixelBytes, whole = Pixels * _pixelBytes;
        Buffer.MemoryCopy(arena + _padding, to, _pixelBytes, _pixelBytes);
        Buffer.MemoryCopy(row, to + _pixelBytes, three, three);
        Buffer.MemoryCopy(row + (_shape.InputWidth - Pixels + 1) * _pixelBytes, to + whole, three, three);
        Buffer.MemoryCopy(arena + _padding, to + whole + three, _pixelBytes, _pixelBytes);
    }

    private long Offset(TapReader reader, int line, long row, int tapY, int x)
    {
        int image = line / _shape.OutputHeight, y = line % _shape.OutputHeight - _shape.PadTop + tapY;
        if (_hasBorder || (x >= 0 && x + Pixels <= _shape.InputWidth))
            return reader.Offset(row, (long)x * _pixelBytes);
        return (uint)y < (uint)_shape.InputHeight ? Edge(image, y, x < 0 ? 0 : 1) : _padding;
    }

    private long Edge(int image, int y, int side) => _scratch + (((long)image * _shape.InputHeight + y) * EdgesPerRow + side) * Pixels * _pixelBytes;
}

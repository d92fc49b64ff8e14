using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Pixels.Frames;

/// <summary>
/// A copy of a frame, for showing: the thread that has the frame pays for copying its bytes, another one makes the JPEG of it. One of the two at
/// a time; memory is used again.
/// </summary>
internal sealed unsafe class FrameSnapshot : IDisposable
{
    /// <summary>Longest JPEG that a snapshot becomes, in bytes.</summary>
    public const int MostJpegBytes = 8 << 20;

    private const int ShownQuality = 80;
    private const string NoLibrary = $"pictures need {TurboJpeg.LibraryName}, which is not installed (Debian's package {TurboJpeg.PackageName})";

    private readonly NativeBuffer _bytes = new();
    private Frame _frame;

    /// <summary>Number of the frame held.</summary>
    public uint Sequence => _frame.Sequence;

    /// <summary>Copies a frame; no more than a copy of memory.</summary>
    public void Take(in Frame frame)
    {
        byte* copy = _bytes.Reserve(frame.Length);
        Buffer.MemoryCopy(frame.Data, copy, frame.Length, frame.Length);
        _frame = new Frame
        {
            Data = copy,
            Length = frame.Length,
            Format = frame.Format,
            Width = frame.Width,
            Height = frame.Height,
            Stride = frame.Stride,
            Chroma = frame.Chroma,
            Color = frame.Color,
            Sequence = frame.Sequence,
            Time = frame.Time,
            Name = frame.Name,
        };
    }

    /// <summary>The frame held as a JPEG file. A camera's own JPEG is passed on as it is.</summary>
    /// <param name="longestSide">In pixels; a larger frame is reduced by a whole number.</param>
    /// <param name="whyNot">One sentence where there is none.</param>
    public byte[]? ToJpeg(int longestSide, out string? whyNot) =>
        ToJpeg(new JpegForm(longestSide, longestSide, ShownQuality, KeepsCoded: true), out whyNot);

    /// <summary>The frame held as a JPEG file.</summary>
    /// <param name="form">Size and quality.</param>
    /// <param name="whyNot">One sentence where there is none.</param>
    public byte[]? ToJpeg(JpegForm form, out string? whyNot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(form.MostWidth, form.MostHeight), 1, nameof(form));
        if (_frame.Name == null)
        {
            whyNot = "no frame has been captured yet";
            return null;
        }

        var format = FrameFormats.Of(_frame.Format);
        var bytes = new ReadOnlySpan<byte>(_frame.Data, _frame.Length);
        byte[]? jpeg = format?.Content switch
        {
            null => Not($"frames of format {_frame.Format} are not supported", out whyNot),
            FrameContent.Jpeg => Coded(bytes, form, out whyNot),
            FrameContent.File => File(bytes, form, out whyNot),
            _ => Raw(format, form, out whyNot),
        };
        return jpeg is { Length: > MostJpegBytes } ? Not($"the picture is longer than {MostJpegBytes >> 20} MiB", out whyNot) : jpeg;
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    private static byte[]? Not(string why, out string? whyNot)
    {
        whyNot = why;
        return null;
    }

    private static byte[]? Coded(ReadOnlySpan<byte> bytes, JpegForm form, out string? whyNot)
    {
        if (form.KeepsCoded) return UpToItsEnd(bytes, out whyNot);
        if (TurboJpeg.Shared is null) return Not(NoLibrary, out whyNot);
        using var decoder = new FrameJpeg();
        if (!decoder.TryReadSize(bytes, out int width, out int height)) return Not("the camera's JPEG has no head that can be read", out whyNot);
        int divisor = form.Divisor(width, height);
        if (divisor == 1) return UpToItsEnd(bytes, out whyNot);
        int decoded = Math.Min(divisor & -divisor, FrameJpeg.MostReduction); // what the decoder reduces costs least
        using var picture = new Picture();
        whyNot = decoder.Decode(bytes, (w, h) => ((w + decoded - 1) / decoded, (h + decoded - 1) / decoded), picture);
        return whyNot is null ? Compress(new PictureRows().Set(picture), form, out whyNot) : null;
    }

    /// <summary>Up to the JPEG's own end; what trails it is left behind.</summary>
    private static byte[]? UpToItsEnd(ReadOnlySpan<byte> bytes, out string? whyNot)
    {
        using var stream = new MemoryStream(bytes[..Math.Min(bytes.Length, MostJpegBytes)].ToArray());
        using var frame = new StreamFrame();
        if (!new MjpegParser("frame").Read(new StreamBytes(stream), frame)) return Not("the camera's JPEG has no end", out whyNot);
        whyNot = null;
        return frame.Bytes.Room(0, frame.Length).ToArray();
    }

    private byte[]? File(ReadOnlySpan<byte> bytes, JpegForm form, out string? whyNot)
    {
        if (PixelFormats.Of(bytes) is Jpeg) return Coded(bytes, form, out whyNot);
        using var picture = new Picture();
        try
        {
            PictureReader.Decode(_frame.Name, bytes, picture);
        }
        catch (EdgeException e)
        {
            return Not(e.Message, out whyNot);
        }

        return Compress(new PictureRows().Set(picture), form, out whyNot);
    }

    private byte[]? Raw(FrameFormat format, JpegForm form, out string? whyNot)
    {
        using var rows = new FrameRows();
        return rows.Set(_frame, format) is { } fault ? Not(fault, out whyNot) : Compress(rows, form, out whyNot);
    }

    private static byte[]? Compress(PixelRows rows, JpegForm form, out string? whyNot)
    {
        if (TurboJpeg.Shared is not { } library) return Not(NoLibrary, out whyNot);
        int divisor = form.Divisor(rows.Width, rows.Height);
        int width = Math.Max(rows.Width / divisor, 1), height = Math.Max(rows.Height / divisor, 1);
        using var picture = new Picture();
        picture.Reset("snapshot", width, height, rows.Channels);
        for (int y = 0; y < height; y++) Reduce(rows, y, divisor, picture.Row(y));
        var pixel = rows.Channels == 1 ? TurboJpegPixel.Gray : rows.IsBlueFirst ? TurboJpegPixel.Bgr : TurboJpegPixel.Rgb;
        byte[]? jpeg = library.Compress(picture.Data, width, picture.Stride, height, pixel, form.Quality, out string? words);
        whyNot = words == null ? null : $"libjpeg-turbo: {words}";
        return jpeg;
    }

    /// <summary>A row of means over squares.</summary>
    private static void Reduce(PixelRows rows, int y, int divisor, Span<byte> into)
    {
        int channels = rows.Channels, span = Math.Min(divisor, rows.Width), height = Math.Min(divisor, rows.Height);
        var sums = new int[into.Length];
        for (int dy = 0; dy < height; dy++)
        {
            byte* row = rows.Row((y * divisor) + dy, 0, rows.Width);
            for (int i = 0; i < into.Length; i++)
            {
                byte* pixel = row + ((long)(i / channels) * divisor * channels) + (i % channels);
                for (int dx = 0; dx < span; dx++) sums[i] += pixel[dx * channels];
            }
        }

        for (int i = 0; i < into.Length; i++) into[i] = (byte)((sums[i] + (span * height / 2)) / (span * height));
    }
}

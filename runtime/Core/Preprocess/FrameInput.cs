using ResNetEdge.Device.Cameras;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;

namespace ResNetEdge.Preprocess;

/// <summary>
/// A camera's frames into a model's input. Raw formats in one pass: a row is converted in the first-level cache, resized along x into a ring,
/// along y, and goes through the normalising tables straight into the engine's memory; no picture is made in between. JPEGs are decoded
/// first, reduced where that loses nothing that the resize would keep. Not thread-safe; allocates nothing once it has seen a size.
/// </summary>
/// <remarks>Equal bit for bit to converting the frame to a picture and <see cref="Preprocessor.Write(Picture, string, in InputBuffer)"/>.</remarks>
internal sealed unsafe class FrameInput : IDisposable
{
    private readonly PreprocessSpec _spec;
    private readonly Preprocessor _preprocessor;
    private readonly FrameRows _rows;
    private readonly Picture _picture = new();
    private readonly PictureRows _pictureRows = new();
    private readonly ViewedRows _viewed = new();
    private readonly Func<int, int, (int Width, int Height)> _needs;
    private FrameJpeg? _jpeg;

    /// <summary>Prepares for a model's image input.</summary>
    /// <param name="spec">From the model's package or the command line.</param>
    /// <param name="input">Where an engine wants its pictures; later calls may name other memory of the same kind.</param>
    /// <param name="resize">Null takes the fastest.</param>
    /// <param name="yuv">Null takes the fastest.</param>
    /// <exception cref="EdgeException">Exit 3: the specification contradicts itself or the model's input.</exception>
    public FrameInput(PreprocessSpec spec, in InputBuffer input, ResizeKernel? resize = null, YuvKernel? yuv = null)
    {
        _preprocessor = new Preprocessor(spec, input, resize);
        (_spec, _rows, _needs) = (spec, new FrameRows(yuv), Needs);
    }

    /// <summary>What is seen of frames from now on; null: all. Setting what it is already costs nothing.</summary>
    public FrameView? View { get; set; }

    /// <summary>Writes a frame into a model's input; the frame may be released afterwards.</summary>
    /// <param name="frame">Of any format in <see cref="FrameFormats"/>.</param>
    /// <param name="input">Of the type, size and steps given at construction. What it held is lost, even on failure.</param>
    /// <param name="whyNot">On failure, one sentence.</param>
    /// <returns>False for a frame that is damaged: count it and take the next.</returns>
    /// <exception cref="EdgeException">Exit 3: no frame of this camera will do: its format is not read here, or the model resizes nothing and wants
    /// another size. Exit 5: a library is missing.</exception>
    public bool TryWrite(in Frame frame, in InputBuffer input, out string? whyNot)
    {
        var format = FrameFormats.Of(frame.Format) ?? throw EdgeException.BadInput(
            $"{frame.Name}: frames of format {frame.Format} are not supported; "
                + $"set the camera to one of {string.Join(", ", FrameFormats.All.Select(known => known.Format))}");
        whyNot = format.Content switch
        {
            FrameContent.Jpeg => WriteJpeg(frame, input),
            FrameContent.File => WriteFile(frame, input),
            _ => WriteRaw(frame, format, input),
        };
        if (whyNot == null) return true;
        whyNot = $"{frame.Name}: frame {frame.Sequence} is damaged ({whyNot})";
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _preprocessor.Dispose();
        _rows.Dispose();
        _viewed.Dispose();
        _picture.Dispose();
        _jpeg?.Dispose();
    }

    private string? WriteRaw(in Frame frame, FrameFormat format, in InputBuffer input)
    {
        if (_rows.Set(frame, format) is { } fault) return fault;
        _preprocessor.Write(Viewed(_rows), frame.Name, input);
        return null;
    }

    private string? WriteJpeg(in Frame frame, in InputBuffer input)
    {
        _jpeg ??= new FrameJpeg();
        if (_jpeg.Decode(new ReadOnlySpan<byte>(frame.Data, frame.Length), _needs, _picture) is { } fault) return fault;
        _preprocessor.Write(Viewed(_pictureRows.Set(_picture)), frame.Name, input);
        return null;
    }

    private PixelRows Viewed(PixelRows whole) => View is null ? whole : _viewed.Set(whole, View, _spec);

    /// <summary>A file that is not a picture is damaged; a decoder that is missing is thrown on.</summary>
    private string? WriteFile(in Frame frame, in InputBuffer input)
    {
        try
        {
            PictureReader.Decode(frame.Name, new ReadOnlySpan<byte>(frame.Data, frame.Length), _picture);
        }
        catch (EdgeException e) when (e.Kind == FailureKind.BadInput)
        {
            return e.Message;
        }

        _preprocessor.Write(Viewed(_pictureRows.Set(_picture)), frame.Name, input);
        return null;
    }

    /// <summary>Size that the whole picture is resized to, so that its region has the pixels that are needed; nothing less is decoded.</summary>
    private (int Width, int Height) Needs(int width, int height)
    {
        if (_spec.Resize == ResizeMode.None) return (width, height);
        var region = View?.Region ?? FrameRegion.Whole;
        int columns = region.Columns(width).Count, rows = region.Rows(height).Count;
        var crop = Crop.Of(_spec, "", columns, rows);
        return (Whole(crop.ResizedWidth, columns, width), Whole(crop.ResizedHeight, rows, height));
    }

    private static int Whole(int needed, int part, int whole) => (int)Math.Min((((long)needed * whole) + part - 1) / part, int.MaxValue);
}

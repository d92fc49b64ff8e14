using System.Globalization;
using System.Text;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// YUV4MPEG2: a line of parameters, then for each frame a line and the planes. 4:2:0 in all its sitings, 4:2:2 and gray, 8 bits. Rows are laid
/// out as V4L2 does it, a whole number of pairs wide.
/// </summary>
/// <remarks>Source: the format's description in mjpegtools, yuv4mpeg(5).</remarks>
/// <param name="name">For messages.</param>
internal sealed class Y4mParser(string name) : IFrameParser
{
    private const int LongestLine = 1024;
    private const string Magic = "YUV4MPEG2", FrameMagic = "FRAME";

    private FrameLayout _layout = FrameLayouts.Of(FourCc.Yuv420)!;
    private YuvColor _color;
    private int _width, _height, _stride;

    /// <inheritdoc/>
    public CameraMode? Mode { get; private set; }

    /// <inheritdoc/>
    public long Damaged { get; private set; }

    /// <inheritdoc/>
    public void Begin(StreamBytes from)
    {
        string[] words = Line(from)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length == 0 || words[0] != Magic) throw EdgeException.BadInput($"{name}: is not a Y4M stream; it does not begin with {Magic}");
        (_layout, _color) = (FrameLayouts.Of(FourCc.Yuv420)!, YuvColor.Bt601Limited);
        double rate = 0;
        int width = 0, height = 0;
        foreach (string word in words.AsSpan(1))
        {
            string value = word[1..];
            switch (word[0])
            {
                case 'W':
                    width = Side(value);
                    break;
                case 'H':
                    height = Side(value);
                    break;
                case 'F':
                    rate = Rate(value);
                    break;
                case 'C':
                    _layout = LayoutOf(value);
                    break;
                case 'X' when value == "COLORRANGE=FULL":
                    _color = YuvColor.Bt601Full;
                    break;
            }
        }

        if (width == 0 || height == 0) throw EdgeException.BadInput($"{name}: a Y4M stream without width or height");
        (_width, _height, _stride) = (width, height, _layout.LeastStride(width));
        if (_layout.LeastBytes(width, _stride, height) > FrameLayout.MaxBytes)
            throw EdgeException.BadInput($"{name}: {width}x{height} pixels are more than supported");
        Mode = new CameraMode(name, _layout.Format, width, height, rate);
    }

    /// <inheritdoc/>
    public bool Read(StreamBytes from, StreamFrame into)
    {
        if (from.Ahead().IsEmpty) return false;
        string? line = Line(from);
        if (line == null)
        {
            Damaged++;
            return false;
        }

        if (!line.StartsWith(FrameMagic, StringComparison.Ordinal))
            throw new CameraException($"{name}: the Y4M stream is damaged; a frame does not begin with {FrameMagic}");
        (into.Format, into.Width, into.Height, into.Stride, into.Color) = (_layout.Format, _width, _height, _stride, _color);
        into.Length = (int)_layout.LeastBytes(_width, _stride, _height);
        into.Bytes.Reserve(into.Length);
        if (Planes(from, into)) return true;
        Damaged++;
        return false;
    }

    /// <summary>Planes without gaps become planes with even strides.</summary>
    private bool Planes(StreamBytes from, StreamFrame into)
    {
        if (!Rows(from, into, 0, _height, _width, _stride)) return false;
        int chromaWidth = (_width + 1) / 2, chromaStride = _layout.ChromaStride(_stride);
        for (int plane = 0; plane < _layout.ChromaPlanes; plane++)
        {
            if (!Rows(from, into, _layout.ChromaStart(plane, _stride, _height), _layout.ChromaRows(_height), chromaWidth, chromaStride)) return false;
        }

        return true;
    }

    private static bool Rows(StreamBytes from, StreamFrame into, long start, int rows, int width, int stride)
    {
        if (width == stride) return from.Fill(into.Bytes.Room((int)start, rows * width));
        for (int y = 0; y < rows; y++)
        {
            if (!from.Fill(into.Bytes.Room((int)start + (y * stride), width))) return false;
        }

        return true;
    }

    private FrameLayout LayoutOf(string space) => FrameLayouts.Of(space switch
    {
        "420" or "420jpeg" or "420mpeg2" or "420paldv" => FourCc.Yuv420,
        "422" => FourCc.Yuv422,
        "mono" => FourCc.Grey,
        _ => throw EdgeException.BadInput(
            $"{name}: a Y4M stream of color space {space}; 420, 420jpeg, 420mpeg2, 420paldv, 422 and mono are supported (ffmpeg: -pix_fmt yuv420p)"),
    })!;

    private int Side(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 1 and <= FrameLayout.MaxSide
            ? side
            : throw EdgeException.BadInput($"{name}: a Y4M stream with a side of '{value}' pixels; 1 to {FrameLayout.MaxSide} are supported");

    /// <summary>0 for a rate that is unknown or makes no sense.</summary>
    private static double Rate(string value)
    {
        string[] parts = value.Split(':');
        return parts.Length == 2
            && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint frames)
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds)
            ? VideoModes.Rate(seconds, frames)
            : 0;
    }

    /// <summary>Null when the stream ends within it.</summary>
    private string? Line(StreamBytes from)
    {
        Span<byte> line = stackalloc byte[LongestLine];
        if (!from.Line(line, out int length)) return null;
        return length >= 0
            ? Encoding.ASCII.GetString(line[..length])
            : throw EdgeException.BadInput($"{name}: is not a Y4M stream; a line is longer than {LongestLine} bytes");
    }
}

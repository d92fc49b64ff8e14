using System.Runtime.InteropServices;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Device.Cameras;

/// <summary>
/// Format, size and rate as asked and as a video device really took them. Drivers answer with what suits them instead of refusing, so
/// every answer is read back and another format or size than the one asked for is a failure, with what the device has.
/// </summary>
internal sealed unsafe class VideoNegotiation
{
    private const double FastEnough = 15; // frames per second below which a raw format gives way to JPEG when nobody asked for a rate
    private const double Tolerance = 0.99;
    private const int IntervalTicks = 1000;

    private readonly IVideoDevice _device;
    private readonly string _name;

    private VideoNegotiation(IVideoDevice device, string name) => (_device, _name) = (device, name);

    /// <summary>Of the frames to come.</summary>
    public FrameLayout Layout { get; private set; } = FrameLayouts.All[0];

    /// <summary>Width of a frame, in pixels.</summary>
    public int Width { get; private set; }

    /// <summary>Height of a frame, in pixels.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes from row to row; 0 for coded formats.</summary>
    public int Stride { get; private set; }

    /// <summary>Bytes of a buffer, as the driver says.</summary>
    public uint BufferBytes { get; private set; }

    /// <summary>What Y, U and V mean.</summary>
    public YuvColor Color { get; private set; }

    /// <summary>As the driver answered; 0 when it does not say.</summary>
    public double FramesPerSecond { get; private set; }

    /// <summary>Sets format, size and rate.</summary>
    /// <param name="device">The opened device node.</param>
    /// <param name="name">For messages.</param>
    /// <param name="request">What is wanted.</param>
    /// <exception cref="EdgeException">Exit 3: the request can be met by no camera.</exception>
    /// <exception cref="CameraException">Not by this camera, or not now.</exception>
    public static VideoNegotiation Negotiate(IVideoDevice device, string name, CameraRequest request)
    {
        var negotiation = new VideoNegotiation(device, name);
        negotiation.SetFormat(request);
        negotiation.SetRate(request.FramesPerSecond);
        return negotiation;
    }

    private void SetFormat(CameraRequest request)
    {
        if ((request.Width == 0) != (request.Height == 0) || request.Width is < 0 or > FrameLayout.MaxSide
            || request.Height is < 0 or > FrameLayout.MaxSide)
            throw EdgeException.BadInput($"{request.Device}: the size {request.Width}x{request.Height} is invalid; "
                + $"set both width and height, from 1 to {FrameLayout.MaxSide}, or neither");
        var now = new V4l2Format { Type = V4l2.CaptureBuffer };
        Call(V4l2.GetFormat, &now, "its format cannot be read");
        uint width = request.Width > 0 ? (uint)request.Width : now.Width, height = request.Height > 0 ? (uint)request.Height : now.Height;
        string last = "";
        foreach (var layout in Candidates(request, (int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue)))
        {
            var format = now;
            (format.Width, format.Height, format.PixelFormat, format.Field, format.BytesPerLine, format.SizeImage) =
                (width, height, layout.Format.Code, V4l2.Progressive, 0, 0);
            (format.Private, format.Colorspace, format.YcbcrEncoding, format.Quantization) = (V4l2.ColorFieldsValid, 0, 0, 0);
            int error = _device.Ioctl(V4l2.SetFormat, &format);
            if (error is not (0 or Libc.Einval)) throw new CameraException($"{_name}: its format cannot be set ({Words(error)})");
            last = error != 0 ? Words(error) : $"it answered {new FourCc(format.PixelFormat)} {format.Width}x{format.Height}";
            bool isTaken = error == 0 && format.PixelFormat == layout.Format.Code
                && (request.Width == 0 || (format.Width == width && format.Height == height));
            if (!isTaken) continue;
            Take(layout, format);
            return;
        }

        string wanted =
            $"{request.Format?.ToString() ?? "frames in a supported format"}{(request.Width > 0 ? $" of {request.Width}x{request.Height}" : "")}";
        throw new CameraException($"{_name}: does not provide {wanted} ({(last.Length > 0 ? last + "; " : "")}{VideoModes.Describe(_device)})");
    }

    /// <summary>Formats to try, best first: the cheapest to convert that is fast enough, then the faster ones.</summary>
    private IEnumerable<FrameLayout> Candidates(CameraRequest request, int width, int height)
    {
        if (request.Format is { } asked)
        {
            return [FrameLayouts.Of(asked) ?? throw EdgeException.BadInput(
                $"{request.Device}: frames of format {asked} are not supported; "
                    + $"use one of {string.Join(", ", FrameLayouts.All.Select(l => l.Format))}")];
        }

        var listed = VideoModes.Formats(_device);
        double enough = request.FramesPerSecond > 0 ? request.FramesPerSecond * Tolerance : FastEnough;
        return FrameLayouts.All.Where(l => listed.Contains(l.Format))
            .Select(layout => (layout, rate: RateAt(layout.Format, width, height)))
            .Where(c => c.rate >= 0)
            .OrderByDescending(c => Math.Min(c.rate, enough)) // a stable order: those that are fast enough stay as preferred
            .Select(c => c.layout);
    }

    /// <summary>The highest rate listed for a size; infinite when the driver lists none, negative when it lists other sizes only.</summary>
    private double RateAt(FourCc format, int width, int height)
    {
        var sizes = VideoModes.Sizes(_device, format);
        if (sizes.Count == 0) return double.PositiveInfinity;
        double best = -1;
        foreach (var size in sizes)
        {
            if (size.Has(width, height)) best = Math.Max(best, size.FramesPerSecond > 0 ? size.FramesPerSecond : double.PositiveInfinity);
        }

        return best;
    }

    private void Take(FrameLayout layout, in V4l2Format format)
    {
        long stride = layout.IsCoded ? 0
            : format.BytesPerLine == 0 ? layout.LeastStride((int)Math.Min(format.Width, FrameLayout.MaxSide))
            : format.BytesPerLine;
        long length = layout.IsCoded ? Math.Max(format.SizeImage, 1) : format.SizeImage;
        if (layout.Fault(format.Width, format.Height, stride, length) is { } fault)
            throw new CameraException($"{_name}: its driver returned invalid data ({fault})");
        (Layout, Width, Height, Stride, BufferBytes) = (layout, (int)format.Width, (int)format.Height, (int)stride, format.SizeImage);
        Color = ColorOf(format);
    }

    /// <summary>As V4L2_MAP_YCBCR_ENC_DEFAULT and V4L2_MAP_QUANTIZATION_DEFAULT say for what the driver leaves open.</summary>
    private static YuvColor ColorOf(in V4l2Format format)
    {
        bool isSaid = format.Private == V4l2.ColorFieldsValid;
        uint encoding = isSaid ? format.YcbcrEncoding : 0, quantization = isSaid ? format.Quantization : 0;
        bool is709 = encoding is V4l2.Encoding709 or V4l2.EncodingXv709
            || (encoding == 0 && format.Colorspace is V4l2.ColorspaceRec709 or V4l2.ColorspaceDciP3);
        bool isFull = quantization == V4l2.FullRange || (quantization == 0 && format.Colorspace == V4l2.ColorspaceJpeg);
        return (is709, isFull) switch
        {
            (false, false) => YuvColor.Bt601Limited,
            (false, true) => YuvColor.Bt601Full,
            (true, false) => YuvColor.Bt709Limited,
            _ => YuvColor.Bt709Full,
        };
    }

    /// <summary>A driver that knows no rates says so, and the camera gives frames as it likes.</summary>
    private void SetRate(double framesPerSecond)
    {
        var parameters = new V4l2StreamParameters { Type = V4l2.CaptureBuffer };
        int error = _device.Ioctl(V4l2.GetParameters, &parameters);
        if (error is Libc.Enotty or Libc.Einval) return;
        if (error != 0) throw new CameraException($"{_name}: its frame rate cannot be read ({Words(error)})");
        if (framesPerSecond > 0 && (parameters.Capability & V4l2.TimePerFrame) != 0)
        {
            (parameters.SecondsNumerator, parameters.SecondsDenominator) =
                (IntervalTicks, (uint)Math.Clamp(Math.Round(framesPerSecond * IntervalTicks), 1, int.MaxValue));
            Call(V4l2.SetParameters, &parameters, "its frame rate cannot be set");
        }

        FramesPerSecond = VideoModes.Rate(parameters.SecondsNumerator, parameters.SecondsDenominator);
    }

    private void Call(uint request, void* argument, string otherwise)
    {
        int error = _device.Ioctl(request, argument);
        if (error != 0) throw new CameraException($"{_name}: {otherwise} ({Words(error)})");
    }

    private static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);
}

using ResNetEdge.Benchmarks.Cameras;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

/// <summary>What is asked of a driver, what it answers, and what becomes of answers that are not what was asked.</summary>
public class VideoNegotiationTests
{
    private static readonly CameraRequest Request = new("/dev/video0");

    [Fact]
    public void The_cheapest_format_that_is_fast_enough_is_taken()
    {
        var device = () => new InMemoryVideoDevice(
            (FourCc.Grey, 640, 480, 60), (FourCc.Mjpeg, 640, 480, 60), (FourCc.Nv12, 640, 480, 30), (FourCc.Yuyv, 640, 480, 25));
        Assert.Equal(FourCc.Yuyv, Mode(device(), Request).Format);
        Assert.Equal(FourCc.Nv12, Mode(device(), Request with { FramesPerSecond = 30 }).Format);
        Assert.Equal(FourCc.Mjpeg, Mode(device(), Request with { FramesPerSecond = 60 }).Format);
        Assert.Equal(FourCc.Mjpeg, Mode(device(), Request with { FramesPerSecond = 500 }).Format); // none can: the fastest in color
    }

    [Fact]
    public void A_slow_raw_format_gives_way_to_jpeg_without_being_told()
        => Assert.Equal(FourCc.Mjpeg, Mode(new InMemoryVideoDevice((FourCc.Yuyv, 1920, 1080, 5), (FourCc.Mjpeg, 1920, 1080, 30)), Request).Format);

    [Fact]
    public void Formats_that_lack_the_size_are_passed_over()
        => Assert.Equal(
            new CameraMode("/dev/video0 (Camera in memory)", FourCc.Mjpeg, 1280, 720, 30),
            Mode(new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 30), (FourCc.Mjpeg, 1280, 720, 30)), Request with { Width = 1280, Height = 720 }));

    [Fact]
    public void The_rate_is_what_the_driver_answered()
        => Assert.Equal(12.5, Mode(new InMemoryVideoDevice((FourCc.Yuyv, 1280, 720, 12.5)), Request with { FramesPerSecond = 30 }).FramesPerSecond);

    [Fact]
    public void Another_format_than_asked_for_is_refused_with_what_there_is()
    {
        var device = new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25), (FourCc.Of("BA81"), 640, 480, 25));
        string message = Fails(device, Request with { Format = FourCc.Mjpeg });
        Assert.Equal("/dev/video0 (Camera in memory): does not provide MJPG (it answered YUYV 640x480; it has YUYV 640x480 25/s)", message);
        Assert.True(device.IsClosed);
    }

    [Fact]
    public void Another_size_than_asked_for_is_refused_with_what_there_is()
        => Assert.Contains(
            "does not provide YUYV of 800x600 (it answered YUYV 640x480; it has YUYV 640x480 25/s)",
            Fails(new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25)), Request with { Format = FourCc.Yuyv, Width = 800, Height = 600 }),
            StringComparison.Ordinal);

    [Fact]
    public void A_camera_without_any_format_that_is_read_says_so()
        => Assert.Contains("it has only BA81, none of which is supported", Fails(new InMemoryVideoDevice((FourCc.Of("BA81"), 640, 480, 25)), Request),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 480, 1280, 614400)]
    [InlineData(640, 0, 1280, 614400)]
    [InlineData(640, 480, 1, 614400)]
    [InlineData(640, 480, uint.MaxValue, 614400)]
    [InlineData(640, 480, 1280, 0)]
    [InlineData(640, 480, 1280, 614399)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue)]
    [InlineData(int.MaxValue, 1, int.MaxValue, uint.MaxValue)]
    [InlineData(65536, 65536, 131072, 0)]
    public void Nonsense_is_refused_before_memory_is_taken(uint width, uint height, uint stride, uint bytes)
    {
        var device = new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25))
        {
            Answer = f => f with { Width = width, Height = height, BytesPerLine = stride, SizeImage = bytes },
        };
        Assert.Contains("returned invalid data", Fails(device, Request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(614399u)]
    public void Buffers_that_hold_no_frame_are_refused(uint bytes)
        => Assert.Contains(
            $"a buffer of {bytes} bytes where 614400 are needed",
            Fails(new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25)) { BufferBytes = bytes }, Request), StringComparison.Ordinal);

    [Fact]
    public void One_buffer_is_no_stream()
        => Assert.Contains(
            "provides 1 buffers", Fails(new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25)) { MostBuffers = 1 }, Request), StringComparison.Ordinal);

    [Theory]
    [InlineData(V4l2.GetFormat)]
    [InlineData(V4l2.SetParameters)]
    [InlineData(V4l2.RequestBuffers)]
    [InlineData(V4l2.QueryBuffer)]
    [InlineData(V4l2.StreamOn)]
    [InlineData(V4l2.QueryCapability)]
    public void A_refusal_at_any_step_is_worth_another_try_and_leaves_nothing_open(uint request)
    {
        var device = new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25));
        device.Fail(request, Libc.Ebusy);
        Fails(device, Request with { FramesPerSecond = 10 });
        Assert.True(device.IsClosed);
    }

    [Theory]
    [InlineData(V4l2.Streaming, "does not capture video, at least at present")]
    [InlineData(V4l2.Streaming | V4l2.VideoCaptureMultiPlanar, "multi-planar")]
    [InlineData(V4l2.VideoCapture, "cannot stream")]
    public void A_node_that_cannot_capture_says_why(uint capabilities, string words)
        => Assert.Contains(
            words, Fails(new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25)) { Capabilities = capabilities }, Request), StringComparison.Ordinal);

    [Theory]
    [InlineData("H264", 0, 0, "frames of format H264 are not supported")]
    [InlineData(null, 640, 0, "set both width and height")]
    [InlineData(null, -1, -1, "set both width and height")]
    [InlineData(null, 100000, 100, "set both width and height")]
    public void What_no_camera_can_give_is_bad_input(string? format, int width, int height, string words)
    {
        using var device = new InMemoryVideoDevice((FourCc.Yuyv, 640, 480, 25));
        var request = Request with { Format = format == null ? null : FourCc.Of(format), Width = width, Height = height };
        var refusal = Assert.Throws<EdgeException>(() => new V4l2Camera(request, device, TimeProvider.System));
        Assert.Equal(FailureKind.BadInput, refusal.Kind);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, "Bt601Limited")]
    [InlineData(8, 0, 0, 0, "Bt601Limited")]
    [InlineData(V4l2.ColorspaceJpeg, 0, 0, 0, "Bt601Full")]
    [InlineData(V4l2.ColorspaceRec709, 0, 0, 0, "Bt709Limited")]
    [InlineData(V4l2.ColorspaceRec709, V4l2.ColorFieldsValid, 1, 1, "Bt601Full")]
    [InlineData(8, V4l2.ColorFieldsValid, V4l2.Encoding709, 1, "Bt709Full")]
    [InlineData(8, 0, V4l2.Encoding709, 1, "Bt601Limited")]
    public unsafe void Colors_are_what_the_driver_says_or_leaves_open(uint colorspace, uint valid, uint encoding, uint quantization, string color)
    {
        var device = new InMemoryVideoDevice((FourCc.Yuyv, 64, 48, 25))
        {
            Answer = f => f with { Colorspace = colorspace, Private = valid, YcbcrEncoding = encoding, Quantization = quantization },
        };
        using var camera = new V4l2Camera(Request, device, TimeProvider.System);
        device.Deliver();
        Assert.Equal(CameraSignal.Frame, camera.Wait(TimeSpan.Zero, out var frame));
        Assert.Equal(color, frame.Color.ToString());
    }

    [Fact]
    public void A_node_that_is_not_there_is_worth_another_try_and_a_file_is_no_camera()
    {
        Assert.Contains("is it plugged in?", Assert.Throws<CameraException>(() => V4l2Camera.Open(new CameraRequest("/dev/video98765"))).Message,
            StringComparison.Ordinal);
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => V4l2Camera.Open(new CameraRequest("/dev/null"))).Kind);
    }

    private static CameraMode Mode(InMemoryVideoDevice device, CameraRequest request)
    {
        using var camera = new V4l2Camera(request, device, TimeProvider.System);
        return camera.Mode;
    }

    private static string Fails(InMemoryVideoDevice device, CameraRequest request)
        => Assert.Throws<CameraException>(() => new V4l2Camera(request, device, TimeProvider.System)).Message;
}

using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>The real camera on a pipeline in memory.</summary>
public sealed unsafe class PipelineCameraTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly CameraRequest Request = new("rtsp://me:hunter2@cam/live?token=t0psecret");
    private readonly FakeTime _time = new();
    private readonly FakePipeline _pipeline;

    public PipelineCameraTests() => _pipeline = new FakePipeline(_time);

    public void Dispose() => Assert.True(_pipeline.IsDisposed, "the camera left its pipeline open");

    [Fact]
    public void Frames_come_with_size_stride_number_and_the_time_at_which_they_were_taken()
    {
        using var camera = Open(Request);
        _pipeline.Decoder = "avdec_h264";
        _pipeline.Deliver(11, age: TimeSpan.FromMilliseconds(70));
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal((11, FourCc.Grey, 6, 4, 8, 32, 0u),
            (*frame.Data, frame.Format, frame.Width, frame.Height, frame.Stride, frame.Length, frame.Sequence));
        Assert.Equal(_time.Now - TimeSpan.FromMilliseconds(70), frame.Time);
        Assert.Equal(new CameraMode("rtsp://cam/live (avdec_h264)", FourCc.Grey, 6, 4, 25), camera.Mode);
        Assert.Same(camera.Mode.Name, frame.Name);
        camera.Release(frame);
        Assert.True(_pipeline.AllReturned);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(61)]
    [InlineData(null)]
    public void A_time_that_makes_no_sense_becomes_the_time_of_arrival(int? ageSeconds)
    {
        using var camera = Open(Request);
        _pipeline.Deliver(1, age: ageSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal(_time.Now, frame.Time);
        camera.Release(frame);
    }

    [Fact]
    public void Frames_that_newer_ones_replaced_are_counted_and_never_twice()
    {
        using var camera = Open(Request);
        _pipeline.Deliver(1);
        Take(camera);
        _pipeline.Arrived += 5; // replaced in the queue
        _pipeline.Deliver(7);
        Assert.Equal(7, Take(camera));
        Assert.Equal(5, camera.Dropped);
        _pipeline.Deliver(8);
        Take(camera);
        Assert.Equal(5, camera.Dropped);
    }

    [Fact]
    public void Silence_lasts_as_long_as_asked_and_is_no_failure()
    {
        using var camera = Open(Request);
        var before = _time.Now;
        Assert.Equal(CameraSignal.Silence, camera.Wait(Second, out _));
        Assert.Equal(Second, _time.Now - before);
        Assert.Null(camera.Warning);
    }

    [Fact]
    public void A_size_that_changes_in_flight_is_followed()
    {
        using var camera = Open(Request);
        _pipeline.Deliver(1);
        Take(camera);
        _pipeline.Caps[2] = FakePipeline.Gray(8, 2);
        _pipeline.Deliver(2, caps: 2);
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal((8, 2), (frame.Width, frame.Height));
        Assert.Equal((8, 2), (camera.Mode.Width, camera.Mode.Height));
        camera.Release(frame);
    }

    [Fact]
    public void Another_size_than_asked_for_is_a_failure_that_says_both()
    {
        using var camera = Open(Request with { Width = 640, Height = 480 });
        _pipeline.Deliver(1);
        string message = Assert.Throws<CameraException>(() => camera.Wait(Second, out _)).Message;
        Assert.StartsWith("rtsp://cam/live: gives frames of 6x4, not of 640x480; ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GRAY8", 0, 4, "frames of 0x4 pixels")]
    [InlineData("GRAY8", 6, 16_385, "frames of 6x16385 pixels")]
    [InlineData("GRAY8", -6, 4, "frames of -6x4 pixels")]
    [InlineData("v210\u001b[2J", 6, 4, "frames of format 'v210\\u001b[2J', which is not supported")]
    public void Sizes_and_formats_that_cannot_be_end_the_stream(string format, int width, int height, string why)
    {
        using var camera = Open(Request);
        _pipeline.Caps[1] = FakePipeline.Gray(width, height) with { Format = format };
        _pipeline.Deliver(1);
        string message = Assert.Throws<CameraException>(() => camera.Wait(Second, out _)).Message;
        Assert.Contains($"rtsp://cam/live: its pipeline returned invalid data ({why}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_and_short_frames_are_counted_and_never_given()
    {
        using var camera = Open(Request);
        _pipeline.Deliver(1, isDamaged: true);
        _pipeline.Deliver(2, length: 29); // one byte less than four rows of 8, the last of 6
        _pipeline.Deliver(0);
        _pipeline.Deliver(3, length: 30);
        Assert.Equal(3, Take(camera));
        Assert.Equal(3, camera.Damaged);
        Assert.Contains("returned invalid data (its memory cannot be read)", camera.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_password_is_a_sentence_without_it()
    {
        using var camera = Open(Request, new CameraLogin("me", "hunter2"));
        _pipeline.Messages.Enqueue(FakePipeline.Error(
            "Unauthorized", PipelineTrouble.Login,
            "../gst/rtspsrc.c(1): f (): /x:\nUnauthorized (401) for hunter2 at rtsp://me:hunter2@cam/live?token=t0psecret"));
        string message = Assert.Throws<CameraException>(() => camera.Wait(Second, out _)).Message;
        Assert.Equal("rtsp://cam/live: the camera requires another user name and password "
            + "(rtspsrc0: Unauthorized (401) for *** at rtsp://cam/live)", message);
    }

    [Fact]
    public void An_error_is_one_printable_sentence_of_bounded_length()
    {
        using var camera = Open(Request);
        _pipeline.Messages.Enqueue(FakePipeline.Error("Could not open.\u001b[31m" + new string('x', 10_000)));
        string message = Assert.Throws<CameraException>(() => camera.Wait(Second, out _)).Message;
        Assert.StartsWith("rtsp://cam/live: the pipeline failed (rtspsrc0: Could not open.\\u001b[31mxxx", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 200, 400);
    }

    [Fact]
    public void An_error_is_noticed_while_frames_are_waited_for()
    {
        using var camera = Open(Request);
        _pipeline.OnSilence = () => _pipeline.Messages.Enqueue(FakePipeline.Error("gone"));
        var before = _time.Now;
        Assert.Throws<CameraException>(() => camera.Wait(TimeSpan.FromHours(1), out _));
        Assert.InRange(_time.Now - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_warning_is_kept_and_the_stream_goes_on()
    {
        using var camera = Open(Request);
        _pipeline.Messages.Enqueue(FakePipeline.Warning("Packet lost."));
        _pipeline.Deliver(4);
        Assert.Equal(4, Take(camera));
        Assert.Equal("rtsp://cam/live: the pipeline warns (avdec_h264-0: Packet lost.)", camera.Warning);
    }

    [Fact]
    public void A_live_stream_that_ends_is_a_failure_after_its_last_frame()
    {
        using var camera = Open(Request with { Loop = true });
        _pipeline.Deliver(5);
        _pipeline.Messages.Enqueue(FakePipeline.End());
        Assert.Equal(5, Take(camera));
        Assert.Equal("rtsp://cam/live: the stream ended", Assert.Throws<CameraException>(() => camera.Wait(Second, out _)).Message);
        Assert.Equal(0, _pipeline.Rewinds);
    }

    [Fact]
    public void A_file_that_ends_has_ended()
    {
        using var camera = new PipelineCamera(new CameraRequest("a.mp4"), _pipeline, isFile: true, _time);
        _pipeline.Deliver(5, age: TimeSpan.FromSeconds(3));
        _pipeline.Messages.Enqueue(FakePipeline.End());
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal(_time.Now, frame.Time); // it waited for us
        camera.Release(frame);
        Assert.Equal(CameraSignal.Ended, camera.Wait(Second, out _));
        Assert.Equal(0, camera.Dropped);
    }

    [Fact]
    public void A_file_that_loops_begins_again_and_one_without_frames_does_not()
    {
        using var camera = new PipelineCamera(new CameraRequest("a.mp4") { Loop = true }, _pipeline, isFile: true, _time);
        _pipeline.OnRewind = () => Play(_pipeline.Rewinds < 3);
        Play(true);
        for (int i = 0; i < 3; i++) Assert.Equal(5, Take(camera));
        Assert.Equal(CameraSignal.Ended, camera.Wait(Second, out _)); // rewound once more, and nothing came
        Assert.Equal(3, _pipeline.Rewinds);

        void Play(bool hasFrame)
        {
            if (hasFrame) _pipeline.Deliver(5);
            _pipeline.Messages.Enqueue(FakePipeline.End());
        }
    }

    [Fact]
    public void A_pipeline_that_does_not_start_says_why_and_is_closed()
    {
        _pipeline.Starts = false;
        _pipeline.Messages.Enqueue(FakePipeline.Warning("odd"));
        _pipeline.Messages.Enqueue(FakePipeline.Error("No camera found."));
        Assert.Contains("(rtspsrc0: No camera found.)", Assert.Throws<CameraException>(() => Open(Request)).Message, StringComparison.Ordinal);
        Assert.True(_pipeline.IsDisposed);
    }

    [Fact]
    public void A_sentence_of_our_own_follows_the_name_as_it_is()
    {
        using var camera = Open(Request);
        _pipeline.Messages.Enqueue(FakePipeline.Error("the camera sends VP8", PipelineTrouble.Known));
        Assert.Equal("rtsp://cam/live: the camera sends VP8", Assert.Throws<CameraException>(() => camera.Wait(Second, out _)).Message);
    }

    [Fact]
    public void A_frame_allocates_nothing()
    {
        using var camera = Open(Request);
        for (int i = 0; i < 20; i++) _pipeline.Deliver(1, age: TimeSpan.FromMilliseconds(5));
        for (int i = 0; i < 10; i++) Take(camera);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            _ = camera.Wait(Second, out var frame);
            camera.Release(frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Take(PipelineCamera camera)
    {
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        int mark = *frame.Data;
        camera.Release(frame);
        return mark;
    }

    private PipelineCamera Open(CameraRequest request, CameraLogin? login = null) => new(request, _pipeline, isFile: false, _time, login);
}

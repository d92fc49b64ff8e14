using ResNetEdge.Benchmarks.Cameras;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

/// <summary>The real camera on a driver in memory.</summary>
public unsafe class V4l2CameraTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly CameraRequest Request = new("/dev/video7");
    private readonly FakeTime _time = new();

    [Fact]
    public void Frames_come_with_their_size_number_and_time()
    {
        var device = Yuyv();
        using var camera = Open(device);
        Assert.Equal(new CameraMode("/dev/video7 (Camera in memory)", FourCc.Yuyv, 64, 48, 30), camera.Mode);
        Assert.True(device.IsStreaming);
        device.Deliver(mark: 11, time: _time.Now - TimeSpan.FromMilliseconds(5));
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal((11, 64 * 48 * 2, 64, 48, 128, 0u), (*frame.Data, frame.Length, frame.Width, frame.Height, frame.Stride, frame.Sequence));
        Assert.Equal(_time.Now - TimeSpan.FromMilliseconds(5), frame.Time);
        camera.Release(frame);
        Assert.Equal(4, device.Free);
        Assert.Equal((0, 0), (camera.Dropped, camera.Damaged));
    }

    [Fact]
    public void Only_the_newest_frame_is_given_and_the_others_counted()
    {
        var device = Yuyv();
        using var camera = Open(device);
        for (byte i = 1; i <= 3; i++) device.Deliver(mark: i);
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal(3, *frame.Data);
        Assert.Equal(2, camera.Dropped);
        Assert.Equal(3, device.Free);
        camera.Release(frame);
    }

    [Fact]
    public void Frames_that_the_driver_lost_are_counted_by_their_numbers()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Deliver();
        Take(camera);
        device.Deliver(skip: 7);
        Take(camera);
        Assert.Equal(7, camera.Dropped);
        device.Hand = b => b with { Sequence = 8 }; // the same number once more
        device.Deliver();
        Take(camera);
        device.Hand = b => b with { Sequence = 2 }; // began again
        device.Deliver();
        Take(camera);
        device.Hand = b => b with { Sequence = 3_000_000 };
        device.Deliver();
        Take(camera);
        Assert.Equal(7, camera.Dropped);
    }

    [Fact]
    public void A_frame_that_comes_again_with_its_number_and_time_is_none()
    {
        var device = Yuyv();
        using var camera = Open(device);
        long now = (long)_time.Now.TotalSeconds;
        device.Hand = b => b with { Flags = V4l2.TimestampMonotonic, Sequence = 4, Seconds = now - 1 };
        device.Deliver();
        Take(camera);
        device.Deliver();
        device.OnPoll = Pass;
        Assert.Equal(CameraSignal.Silence, camera.Wait(Second, out _));
        Assert.Equal(1, camera.Damaged);
        device.Hand = b => b with { Flags = V4l2.TimestampMonotonic, Sequence = 5, Seconds = now - 1 };
        device.Deliver();
        Take(camera);
    }

    [Fact]
    public void An_old_time_of_a_clock_that_was_right_is_that_of_an_old_frame()
    {
        var device = Yuyv();
        using var camera = Open(device);
        long taken = (long)_time.Now.TotalSeconds;
        device.Hand = b => b with { Flags = V4l2.TimestampMonotonic, Sequence = 1, Seconds = taken };
        device.Deliver();
        Take(camera);
        _time.Advance(TimeSpan.FromHours(1)); // the process was stopped meanwhile
        device.Hand = b => b with { Flags = V4l2.TimestampMonotonic, Sequence = 2, Seconds = taken };
        device.Deliver();
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal(taken, (long)frame.Time.TotalSeconds);
    }

    [Fact]
    public void Numbers_may_wrap()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Hand = b => b with { Sequence = uint.MaxValue };
        device.Deliver();
        Take(camera);
        device.Hand = b => b with { Sequence = 1 };
        device.Deliver();
        Take(camera);
        Assert.Equal(1, camera.Dropped);
    }

    [Theory]
    [InlineData(V4l2.FlagError, null)]
    [InlineData(0, 0u)]
    [InlineData(0, 6143u)]
    [InlineData(0, 6145u)]
    [InlineData(0, uint.MaxValue)]
    public void Damaged_frames_are_counted_and_never_given(uint flags, uint? bytesUsed)
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Deliver(flags: flags, bytesUsed: bytesUsed);
        device.OnPoll = Pass;
        Assert.Equal(CameraSignal.Silence, camera.Wait(Second, out _));
        Assert.Equal((1, 0, 4), (camera.Damaged, camera.Dropped, device.Free));
        device.Deliver(mark: 5);
        device.Deliver(flags: flags, bytesUsed: bytesUsed);
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal(5, *frame.Data); // the damaged newer one does not push it out
        camera.Release(frame);
        Assert.Equal(2, camera.Damaged);
    }

    [Fact]
    public void Silence_lasts_as_long_as_asked_and_is_no_failure()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.OnPoll = Pass;
        var before = _time.Now;
        Assert.Equal(CameraSignal.Silence, camera.Wait(Second, out _));
        Assert.Equal(Second, _time.Now - before);
        device.OnPoll = _ =>
        {
            device.Deliver();
            return (Libc.PollIn, 0);
        };
        Take(camera);
    }

    [Theory]
    [InlineData(Libc.PollError, Libc.Eio, "failed")]
    [InlineData(Libc.PollError | Libc.PollHangUp, Libc.Enodev, "is gone")]
    [InlineData(Libc.PollInvalid, 0, "failed")]
    public void Errors_while_waiting_end_the_camera(short events, int error, string words)
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Fail(V4l2.Dequeue, Libc.Eagain, error);
        device.OnPoll = _ => (events, 0);
        Assert.Contains(words, Fails(() => camera.Wait(Second, out _)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Libc.Eio)]
    [InlineData(Libc.Enodev)]
    public void Errors_while_taking_end_the_camera(int error)
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Fail(V4l2.Dequeue, error);
        Assert.StartsWith("/dev/video7 (Camera in memory): the camera", Fails(() => camera.Wait(Second, out _)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_refuses_a_buffer_once_is_asked_again_and_one_that_insists_ends_the_camera()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Deliver();
        device.Fail(V4l2.Queue, Libc.Einval);
        Take(camera);
        Assert.Equal(4, device.Free);
        device.Deliver();
        device.Fail(V4l2.Queue, Libc.Einval, Libc.Einval);
        Take(camera);
        Assert.Contains("no longer accepts its buffers back", Fails(() => camera.Wait(Second, out _)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_announces_frames_and_has_none_does_not_spin_for_ever()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.OnPoll = _ => (Libc.PollIn, 0);
        Assert.Contains("keeps announcing frames", Fails(() => camera.Wait(TimeSpan.FromDays(1), out _)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_that_does_not_exist_is_refused()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Hand = b => b with { Index = 77 };
        device.Deliver();
        Assert.Contains("buffer 77 of 4", Fails(() => camera.Wait(Second, out _)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, 0L)] // of no known clock
    [InlineData(V4l2.TimestampMonotonic, -5L)]
    [InlineData(V4l2.TimestampMonotonic, long.MaxValue)]
    [InlineData(V4l2.TimestampMonotonic, 1_000_000_000L)] // far ahead
    [InlineData(V4l2.TimestampMonotonic, 10L)] // hours ago
    public void A_time_that_makes_no_sense_becomes_that_of_arrival(uint flags, long seconds)
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Hand = b => b with { Flags = flags, Seconds = seconds };
        device.Deliver();
        Assert.Equal(CameraSignal.Frame, camera.Wait(Second, out var frame));
        Assert.Equal(_time.Now, frame.Time);
    }

    [Fact]
    public void Closing_gives_everything_back_even_when_the_device_is_gone()
    {
        foreach (int dead in new[] { 0, Libc.Enodev })
        {
            var device = Yuyv();
            var camera = Open(device);
            device.Dead = dead;
            camera.Dispose();
            Assert.True(device.IsClosed);
            Assert.Equal(0, device.Mapped);
        }
    }

    [Fact]
    public void Waiting_and_releasing_allocate_nothing()
    {
        var device = Yuyv();
        using var camera = Open(device);
        device.Deliver();
        Take(camera);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            device.Deliver();
            Take(camera);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static InMemoryVideoDevice Yuyv() => new((FourCc.Yuyv, 64, 48, 30.0));

    private static string Fails(Action action) => Assert.Throws<CameraException>(action).Message;

    private static void Take(V4l2Camera camera)
    {
        if (camera.Wait(Second, out var frame) != CameraSignal.Frame) Assert.Fail("no frame");
        camera.Release(frame);
    }

    private V4l2Camera Open(InMemoryVideoDevice device) => new(Request, device, _time);

    private (short Events, int Error) Pass(TimeSpan wait)
    {
        _time.Advance(wait);
        return (0, 0);
    }
}

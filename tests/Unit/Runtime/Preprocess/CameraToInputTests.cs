using ResNetEdge.Benchmarks.Cameras;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Tests.Unit.Runtime.Preprocess;

/// <summary>The whole way of a frame: driver, camera, conversion, input.</summary>
public class CameraToInputTests
{
    private const int Frames = 200;

    [Theory]
    [InlineData("YUYV")]
    [InlineData("NV12")]
    [InlineData("GREY")]
    [InlineData("BGR3")]
    public void A_frame_costs_no_memory_from_the_driver_to_the_input(string format)
    {
        var spec =
            new PreprocessSpec { Width = 24, Height = 24, Resize = ResizeMode.ShortestSide, ResizeSize = 28, Mean = [0, 0, 0], Std = [1, 1, 1] };
        using var input = new PreparedInput(spec, ElementType.UInt8, isNhwc: true, pixelPadding: 1, scale: 1 / 255f);
        var device = new InMemoryVideoDevice((FourCc.Of(format), 64, 48, 30));
        using var camera = new V4l2Camera(new CameraRequest("/dev/video0"), device, TimeProvider.System);
        using var frames = new FrameInput(spec, input.Buffer);
        int run = 0;
        long before = 0;
        for (int i = -3; i < Frames; i++)
        {
            if (i == 0) before = GC.GetAllocatedBytesForCurrentThread();
            device.Deliver((byte)i);
            if (camera.Wait(TimeSpan.Zero, out var frame) != CameraSignal.Frame) continue;
            if (frames.TryWrite(frame, input.Buffer, out _) && i >= 0) run++;
            camera.Release(frame);
        }

        Assert.Equal((Frames, 0L), (run, GC.GetAllocatedBytesForCurrentThread() - before));
        Assert.Equal((0, 0), (camera.Dropped, camera.Damaged));
    }
}

using System.Diagnostics;
using System.Globalization;
using ResNetEdge.Cli.Reports;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native;
using ResNetEdge.Metrics;
using ResNetEdge.Model;
using ResNetEdge.Pixels;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Benchmarks.Cameras;

/// <summary>
/// <c>camera [FRAMES]</c>: everything that a frame costs besides the network, from the wait for it to its release: dequeue, conversion, resize,
/// normalisation, quantisation into a u8 input of 3×224×224. A driver in memory, every format, 640×480; for JPEG with decoding.
/// </summary>
internal static unsafe class CameraCommand
{
    private const int Width = 640, Height = 480, Side = 224, DefaultFrames = 2000, WarmUp = 100, Seed = 5;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What follows the verb.</param>
    /// <returns>0, or 1 when the target is missed or anything was allocated.</returns>
    /// <exception cref="EdgeException">Exit 2: no number of frames.</exception>
    public static int Run(ReadOnlySpan<string> words)
    {
        int frames = DefaultFrames;
        if (words.Length > 1 || (words.Length == 1 && (!int.TryParse(words[0], CultureInfo.InvariantCulture, out frames) || frames < 1)))
            throw new EdgeException(FailureKind.Usage, "usage: camera [FRAMES]");
        var machine = MachineReport.Read();
        Console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, Linux {machine.Kernel}, {machine.Dotnet}, commit {machine.Commit}, {machine.Date}");
        Console.WriteLine($"{Width}x{Height} to {Side}x{Side} u8, {frames} frames; shorter side to 256 and the middle, then straight to the size");
        bool isGood = true;
        foreach (var layout in FrameLayouts.All)
        {
            if (layout.IsCoded && TurboJpeg.Shared == null) continue;
            foreach (var mode in new[] { ResizeMode.ShortestSide, ResizeMode.Exact })
            {
                var (times, allocated) = Measure(layout, mode, frames);
                double p50 = times.Percentile(50).TotalMilliseconds;
                Console.WriteLine($"{layout.Format,-5} {mode,-13} p50 {p50:F3} ms  p99 {times.Percentile(99).TotalMilliseconds:F3} ms  min "
                    + $"{times.Min.TotalMilliseconds:F3} ms  {allocated} bytes allocated");
                isGood &= allocated == 0 && (layout.IsCoded || p50 < 1);
            }
        }

        return (int)(isGood ? ExitCode.Done : ExitCode.Defect);
    }

    private static (LatencyPercentiles Times, long AllocatedBytes) Measure(FrameLayout layout, ResizeMode mode, int frames)
    {
        var device = new InMemoryVideoDevice((layout.Format, Width, Height, 30.0));
        using var camera = new V4l2Camera(new CameraRequest("/dev/video0") { Format = layout.Format }, device, TimeProvider.System);
        byte[] picture = Picture(layout);
        device.Fill(picture);
        using var memory = new NativeBuffer();
        var input = Input(memory);
        using var preprocess = new FrameInput(Spec(mode), input);
        var times = new LatencyPercentiles(frames);
        long allocated = 0;
        for (int i = -WarmUp; i < frames; i++)
        {
            device.Deliver(picture[0], bytesUsed: (uint)picture.Length);
            if (i == 0) allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            if (camera.Wait(TimeSpan.FromSeconds(1), out var frame) != CameraSignal.Frame) throw new InvalidOperationException("no frame");
            bool isWritten = preprocess.TryWrite(frame, input, out string? whyNot);
            camera.Release(frame);
            if (i >= 0) times.Add(Stopwatch.GetElapsedTime(start));
            if (!isWritten) throw new InvalidOperationException(whyNot);
        }

        return (times, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    /// <summary>Smooth with noise, as a camera's pictures are.</summary>
    private static byte[] Picture(FrameLayout layout)
    {
        var random = new Random(Seed);
        int bytes = layout.IsCoded ? Width * Height * 3 : (int)layout.LeastBytes(Width, layout.LeastStride(Width), Height);
        byte[] picture = new byte[bytes];
        for (int i = 0; i < bytes; i++) picture[i] = (byte)(128 + (90 * Math.Sin(i / 997.0)) + random.Next(-12, 13));
        if (!layout.IsCoded) return picture;
        fixed (byte* pixels = picture)
        {
            using var snapshot = new FrameSnapshot();
            snapshot.Take(new Frame
            {
                Data = pixels,
                Length = bytes,
                Format = FourCc.Rgb24,
                Width = Width,
                Height = Height,
                Stride = 3 * Width,
                Sequence = 0,
                Time = default,
                Name = "made",
            });
            return snapshot.ToJpeg(Width, out string? whyNot) ?? throw new InvalidOperationException(whyNot);
        }
    }

    private static PreprocessSpec Spec(ResizeMode mode) => new()
    {
        Height = Side,
        Width = Side,
        Resize = mode,
        ResizeSize = mode == ResizeMode.ShortestSide ? 256 : 0,
        Mean = [0.485f, 0.456f, 0.406f],
        Std = [0.229f, 0.224f, 0.225f],
    };

    /// <summary>Channels last, as the fused engine takes int8 pictures.</summary>
    private static InputBuffer Input(NativeBuffer memory) => new()
    {
        Data = memory.Reserve(4L * Side * Side),
        Type = ElementType.UInt8,
        Channels = 3,
        Height = Side,
        Width = Side,
        ChannelStride = 1,
        PixelStride = 4,
        RowStride = 4L * Side,
        Steps = new ChannelSteps(3, 0.0187f, 114),
    };
}

using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Native.GStreamer;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>Pipelines and files on the real library.</summary>
public sealed unsafe class DescribedCameraTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30); // of waits that end when what is waited for comes
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, int, int> RawFrames
    {
        get
        {
            var cases = new TheoryData<string, string, int, int>();
            foreach (var (name, format) in new[]
            {
                ("rgb", "RGB3"), ("bgr", "BGR3"), ("yuy2", "YUYV"), ("uyvy", "UYVY"), ("nv12", "NV12"), ("nv21", "NV21"), ("i420", "YU12"),
                ("yv12", "YV12"), ("y42b", "422P"), ("gray8", "GREY"),
            })
            {
                cases.Add(name, format, 32, 8);
                cases.Add(name, format, 13, 7);
            }

            return cases;
        }
    }

    /// <summary>Bytes in GStreamer's plain order (rows of whole words, planes one after another) against the same picture in V4L2's.</summary>
    [SkippableTheory]
    [MemberData(nameof(RawFrames))]
    public void Frames_of_every_format_equal_their_pixels(string name, string format, int width, int height)
    {
        Need("rawvideoparse", "gstreamer1.0-plugins-base");
        var layout = FrameLayouts.Of(FourCc.Of(format))!;
        using var frames = new Frames(layout, width, height);
        string path = _folder.Write("raw", frames.GStreamerBytes);
        using var camera = Open($"pipeline: filesrc location={path} ! rawvideoparse format={name} width={width} height={height} framerate=25/1");
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        Assert.Equal((format, width, height), ($"{frame.Format}", frame.Width, frame.Height));
        Assert.Equal(Pixels(frames.Plain), Pixels(frame));
        camera.Release(frame);
        Assert.EndsWith(": the stream ended", Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("videotestsrc ! nosuchelement", FailureKind.Unavailable, "needs GStreamer's element 'nosuchelement', which is not installed here")]
    [InlineData("videotestsrc ! !", FailureKind.BadInput, "the pipeline is not one of GStreamer's (")]
    [InlineData("videotestsrc pattern=hunter2", FailureKind.BadInput, "the pipeline is not one of GStreamer's (could not set property")]
    [InlineData("videotestsrc nothing=1", FailureKind.BadInput, "(no property \"nothing\" in element \"videotestsrc\")")]
    [InlineData("videotestsrc ! fakesink", FailureKind.BadInput, "")]
    [InlineData("", FailureKind.BadInput, "the pipeline is empty")]
    public void A_pipeline_that_cannot_be_is_refused_before_it_starts(string text, FailureKind kind, string words)
    {
        Need("videotestsrc", "gstreamer1.0-plugins-base");
        var request = new CameraRequest($"pipeline: {text}");
        var refusal = Assert.Throws<EdgeException>(() => NetworkCameras.Table.Check(request));
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message.Split('(')[0], Assert.Throws<EdgeException>(() => NetworkCameras.Table.Open(request)).Message.Split('(')[0]);
    }

    [SkippableFact]
    public void Frames_that_are_not_read_here_are_a_failure_in_words()
    {
        Need("videotestsrc", "gstreamer1.0-plugins-base");
        var refusal = Assert.Throws<EdgeException>(() => Open("pipeline: videotestsrc ! video/x-raw,format=v210"));
        Assert.Equal("camera 'pipeline: videotestsrc ! video/x-raw': the pipeline's frames are of a format that is not supported; "
            + "add '! videoconvert' to its end", refusal.Message);
        string path = _folder.Write("raw", new byte[64]);
        using var camera = Open($"pipeline: filesrc location={path} ! rawvideoparse format=bgra width=4 height=4");
        Assert.Contains("reason not-negotiated", Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_newest_frame_wins_and_its_time_is_that_of_its_taking()
    {
        Need("videotestsrc", "gstreamer1.0-plugins-base");
        using var camera = Open("pipeline: videotestsrc is-live=true ! video/x-raw,format=GRAY8,width=16,height=16,framerate=200/1");
        TimeSpan last = default;
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
            Assert.True(frame.Time > last && frame.Time <= ResNetEdge.Device.Monotonic.Now(TimeProvider.System), $"{frame.Time} after {last}");
            last = frame.Time;
            var until = last + TimeSpan.FromMilliseconds(25); // the stream goes on meanwhile
            SpinWait.SpinUntil(() => ResNetEdge.Device.Monotonic.Now(TimeProvider.System) > until);
            camera.Release(frame);
        }

        Assert.True(camera.Dropped > 0);
    }

    [SkippableFact]
    public void A_pipeline_may_end_in_an_element_whose_outputs_show_up_later()
    {
        using var camera = Open($"pipeline: filesrc location={Film()} ! decodebin");
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        Assert.Equal((48, 32), (frame.Width, frame.Height));
        camera.Release(frame);
    }

    [SkippableFact]
    public void A_video_file_gives_each_of_its_frames_and_ends_or_begins_again()
    {
        string film = Film();
        using (var camera = NetworkCameras.Table.Open(new CameraRequest(film))) Assert.Equal((10, CameraSignal.Ended), Count(camera, 100));
        using (var camera = NetworkCameras.Table.Open(new CameraRequest($"file:{film}") { Loop = true }))
            Assert.Equal((25, CameraSignal.Frame), Count(camera, 25));
        string bad = _folder.Write("bad.mp4", "no film"u8);
        using (var camera = NetworkCameras.Table.Open(new CameraRequest(bad)))
        {
            Assert.StartsWith($"{bad}: the pipeline failed (", Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message,
                StringComparison.Ordinal);
        }

        Assert.Throws<CameraException>(() => NetworkCameras.Table.Open(new CameraRequest("file:/nowhere")));
        Assert.Throws<EdgeException>(() => NetworkCameras.Table.Open(new CameraRequest($"file:{_folder.Path}")));
    }

    private static (int Frames, CameraSignal Last) Count(ICamera camera, int most)
    {
        int frames = 0;
        while (true)
        {
            var signal = camera.Wait(Long, out var frame);
            if (signal != CameraSignal.Frame) return (frames, signal);
            camera.Release(frame);
            if (++frames == most) return (frames, signal);
        }
    }

    /// <summary>Ten frames of 48x32 with sound, as GStreamer writes them.</summary>
    private string Film()
    {
        Need("x264enc", "gstreamer1.0-plugins-ugly");
        Need("matroskamux", "gstreamer1.0-plugins-good");
        Need("avdec_h264", "gstreamer1.0-libav");
        string path = _folder["film.mkv"];
        using var camera = Open($"pipeline: matroskamux name=mux ! filesink location={path} "
            + "audiotestsrc num-buffers=10 ! vorbisenc ! mux. "
            + "videotestsrc num-buffers=10 ! video/x-raw,format=I420,width=48,height=32 ! tee name=both "
            + "! queue ! x264enc speed-preset=ultrafast ! h264parse ! mux. both. ! queue ! identity");
        while (true)
        {
            try
            {
                if (camera.Wait(Long, out var frame) == CameraSignal.Frame) camera.Release(frame);
            }
            catch (CameraException e) when (e.Message.EndsWith("the stream ended", StringComparison.Ordinal))
            {
                return path;
            }
        }
    }

    private static ICamera Open(string text) => NetworkCameras.Table.Open(new CameraRequest(text));

    private static void Need(string element, string package)
    {
        Skip.If(GstLibrary.Shared is null, $"GStreamer is not installed (Debian package {GstLibrary.PackageName})");
        Skip.IfNot(GstLibrary.Require("this test").Elements.Has(element), $"GStreamer's {element} is not installed (Debian package {package})");
    }

    private static byte[] Pixels(in Frame frame)
    {
        using var rows = new FrameRows();
        Assert.Null(rows.Set(frame, FrameFormats.Of(frame.Format)!));
        int row = rows.Channels * frame.Width;
        var pixels = new byte[row * frame.Height];
        for (int y = 0; y < frame.Height; y++) new ReadOnlySpan<byte>(rows.Row(y, 0, frame.Width), row).CopyTo(pixels.AsSpan(row * y));
        return pixels;
    }

    /// <summary>One picture of noise as V4L2 lays it, and as GStreamer does.</summary>
    private sealed class Frames : IDisposable
    {
        private readonly ResNetEdge.Tests.Unit.Runtime.Pixels.Frames.FrameMemory _memory;

        public Frames(FrameLayout layout, int width, int height)
        {
            _memory = new(layout.Format, width, height, 0, new Random(width));
            Plain = _memory.Frame;
            int stride = Plain.Stride, rows = layout.IsChromaHalfHeight ? Even(height) : height;
            int wide = Whole(layout.LeastStride(width));
            int used = layout.BytesPerPixel == 1 && layout.ChromaPlanes > 0 ? width : layout.LeastStride(width);
            int chromaWide = layout.ChromaPlanes == 2 ? Whole(Even(width) / 2) : wide, chromaRows = rows / (layout.IsChromaHalfHeight ? 2 : 1);
            var bytes = new byte[(wide * rows) + (layout.ChromaPlanes * chromaWide * chromaRows)];
            Copy(0, stride, used, bytes, 0, wide, height);
            for (int plane = 0; plane < layout.ChromaPlanes; plane++)
            {
                int chroma = layout.ChromaStride(stride);
                Copy(layout.ChromaStart(plane, stride, height), chroma, chroma, bytes, (wide * rows) + (plane * chromaWide * chromaRows), chromaWide,
                    layout.ChromaRows(height));
            }

            GStreamerBytes = bytes;
        }

        public Frame Plain { get; }

        public byte[] GStreamerBytes { get; }

        public void Dispose() => _memory.Dispose();

        private static int Even(int number) => (number + 1) & ~1;

        private static int Whole(int bytes) => (bytes + 3) & ~3;

        private void Copy(long from, int fromStride, int row, byte[] into, int start, int stride, int rows)
        {
            for (int y = 0; y < rows; y++)
                new ReadOnlySpan<byte>(Plain.Data + from + (y * fromStride), row).CopyTo(into.AsSpan(start + (y * stride)));
        }
    }
}

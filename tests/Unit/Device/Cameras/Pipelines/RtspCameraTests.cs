using System.Runtime.Versioning;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;
using ResNetEdge.Pixels.Frames;
using ResNetEdge.Service;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Timing;
using ResNetEdge.Tests.Data;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>Real servers, real coders, the real library.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class RtspCameraTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30); // of waits that end when what is waited for comes
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("h264", false)]
    [InlineData("h264", true)]
    [InlineData("jpeg", false)]
    public void Frames_arrive_with_their_picture_and_nothing_of_their_sound(string codec, bool isUdp)
    {
        using var server = new RtspServer("--codec", codec, "--pattern", "red", "--audio", "--size", "98x50");
        using var camera = Open(new CameraRequest(server.Address) { Transport = isUdp ? RtspTransport.Udp : RtspTransport.Tcp });
        AssertRed(camera);
        Assert.Equal(codec == "jpeg" ? FourCc.Jpeg : FourCc.Yuv420, camera.Mode.Format);
        Assert.Equal(codec == "jpeg" ? server.Address : $"{server.Address} (avdec_h264)", camera.Mode.Name);
    }

    [SkippableFact]
    public void The_decoders_own_memory_is_read_and_nothing_is_allocated()
    {
        using var server = new RtspServer("--size", "98x50");
        using var camera = Open(new CameraRequest(server.Address));
        for (int i = 0; i < 10; i++) Take(camera);
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        // A copy would have rows of 100 bytes and planes without gaps between them.
        Assert.True(frame.Stride > 100, $"rows of {frame.Stride} bytes");
        Assert.True(frame.Chroma.First > frame.Stride * 50, $"chroma at {frame.Chroma}");
        camera.Release(frame);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            _ = camera.Wait(Long, out frame);
            camera.Release(frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [SkippableFact]
    public void A_password_from_a_file_opens_it_and_a_wrong_or_missing_one_is_a_sentence()
    {
        string word = "p \"a!s's;\u00e9";
        using var server = new RtspServer("--user", "me", "--password", word);
        string file = _folder["password"];
        File.WriteAllText(file, word + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        using (var camera = Open(new CameraRequest(server.Address) { User = "me", PasswordFile = file })) Take(camera);
        using (var camera = Open(new CameraRequest(server.Address.Replace("://", $"://me:{Uri.EscapeDataString(word)}@", StringComparison.Ordinal))))
            Take(camera);
        using (var camera = Open(new CameraRequest(server.Address.Replace("://", "://me:hunter2@", StringComparison.Ordinal))))
        {
            Assert.Equal($"{server.Address}: the camera requires another user name and password (rtspsrc{Number(camera, out string message)}"
                + ": Unauthorized (401))", message);
        }

        using (var camera = Open(new CameraRequest(server.Address)))
        {
            Assert.Contains("requires a user name and password; set 'user' and 'password_file' (rtspsrc", Failure(camera), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void A_server_without_the_stream_or_without_video_is_a_sentence()
    {
        using var server = new RtspServer("--codec", "vp8");
        using (var camera = Open(new CameraRequest(server.Address + "2")))
            Assert.Contains("Not Found (404)", Failure(camera), StringComparison.Ordinal);
        using (var camera = Open(new CameraRequest(server.Address)))
        {
            Assert.Equal($"{server.Address}: the camera sends VP8, which is not supported; choose one of H264, H265, JPEG in its settings",
                Failure(camera));
        }

        using (var camera = Open(new CameraRequest(server.Address) { Decoder = "avdec_h264" }))
            Assert.Contains("VP8", Failure(camera), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_size_that_changes_in_flight_is_followed()
    {
        using var server = new RtspServer("--pattern", "red");
        using var camera = Open(new CameraRequest(server.Address));
        AssertRed(camera);
        Assert.Equal((64, 48), (camera.Mode.Width, camera.Mode.Height));
        server.Tell("size 162x90");
        for (int i = 0; camera.Mode.Width != 162; i++)
        {
            Assert.True(i < 500, "the size has not changed after 500 frames");
            Take(camera);
        }

        AssertRed(camera);
    }

    /// <summary>A white ball on black: a picture that is made of the one before, where that was lost, has more of it or less.</summary>
    [SkippableFact]
    public void Lost_packets_cost_frames_and_no_frame_is_wrong()
    {
        using var server = new RtspServer("--loss", "0.03", "--size", "320x240", "--rate", "100", "--pattern", "ball");
        using var camera = Open(new CameraRequest(server.Address) { Transport = RtspTransport.Udp, Latency = TimeSpan.FromMilliseconds(20) });
        var sizes = new List<int>();
        while (sizes.Count < 150)
        {
            Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
            int white = 0;
            for (int y = 0; y < frame.Height; y++)
            {
                foreach (byte luma in new ReadOnlySpan<byte>(frame.Data + (y * frame.Stride), frame.Width)) white += luma > 128 ? 1 : 0;
            }

            sizes.Add(white);
            camera.Release(frame);
        }

        Assert.All(sizes, white => Assert.InRange(white, 1100, 1300));
    }

    [SkippableFact]
    public void A_server_that_is_restarted_is_found_again_and_so_is_one_that_ends_its_stream()
    {
        var server = new RtspServer();
        int port = server.Port;
        using var lines = new StringWriter();
        var time = TimeProvider.System;
        using var supervisor = new CameraSupervisor(
            new CameraSettings(new CameraRequest(server.Address), TimeSpan.FromSeconds(10), null, TimeSpan.FromSeconds(0.2)),
            NetworkCameras.Table.Open, new Liveness(time, static () => default), time, new Log(lines, time, isJournal: false));
        try
        {
            Assert.Equal(CameraStep.Frame, Next(supervisor, CameraStep.Frame));
            server.Tell("end");
            Assert.Equal(CameraStep.Lost, Next(supervisor, CameraStep.Lost));
            Assert.Equal(CameraStep.Frame, Next(supervisor, CameraStep.Frame));
            server.Dispose();
            Assert.Equal(CameraStep.Lost, Next(supervisor, CameraStep.Lost));
            server = new RtspServer("--port", $"{port}");
            Assert.Equal(CameraStep.Frame, Next(supervisor, CameraStep.Frame));
            Assert.InRange(supervisor.Failures, 2, 50);
        }
        finally
        {
            server.Dispose();
        }
    }

    [SkippableFact]
    public void Two_cameras_run_side_by_side()
    {
        using var red = new RtspServer("--pattern", "red");
        using var blue = new RtspServer("--pattern", "blue", "--size", "96x64");
        using var first = Open(new CameraRequest(red.Address));
        using var second = Open(new CameraRequest(blue.Address));
        for (int i = 0; i < 5; i++)
        {
            AssertRed(first);
            var (r, _, b) = Middle(second);
            Assert.True(b > 200 && r < 60, $"red {r}, blue {b}");
        }
    }

    private static ICamera Open(CameraRequest request) => NetworkCameras.Table.Open(request);

    private static void AssertRed(ICamera camera)
    {
        var (r, g, b) = Middle(camera);
        Assert.True(r > 200 && g < 60 && b < 60, $"red {r}, green {g}, blue {b}");
    }

    private static (int Red, int Green, int Blue) Middle(ICamera camera)
    {
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        try
        {
            using var snapshot = new FrameSnapshot();
            snapshot.Take(frame);
            byte[]? jpeg = snapshot.ToJpeg(1000, out string? whyNot);
            Assert.True(jpeg is not null, whyNot);
            using var picture = new ResNetEdge.Pixels.Picture();
            ResNetEdge.Pixels.PictureReader.Decode("frame", jpeg, picture);
            var row = picture.Row(picture.Height / 2)[(3 * (picture.Width / 2))..];
            return (row[0], row[1], row[2]);
        }
        finally
        {
            camera.Release(frame);
        }
    }

    private static void Take(ICamera camera)
    {
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        camera.Release(frame);
    }

    private static string Failure(ICamera camera) => Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message;

    // Elements of a process are numbered.
    private static string Number(ICamera camera, out string message)
    {
        message = Failure(camera);
        return string.Concat(message[(message.IndexOf("rtspsrc", StringComparison.Ordinal) + 7)..].TakeWhile(char.IsAsciiDigit));
    }

    private static CameraStep Next(CameraSupervisor supervisor, CameraStep wanted)
    {
        CameraStep step = default;
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Long)
        {
            step = supervisor.Next(TimeSpan.FromMilliseconds(100), out var frame);
            if (step == CameraStep.Frame)
            {
                supervisor.Release(frame);
                supervisor.Answered(default);
            }

            if (step == wanted) break;
        }

        return step;
    }
}

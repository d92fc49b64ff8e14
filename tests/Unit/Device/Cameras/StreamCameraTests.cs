using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

/// <summary>Files, pipes and HTTP as cameras, over real files, pipes and sockets.</summary>
public sealed unsafe class StreamCameraTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30); // of waits that end when what is waited for comes
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_gives_every_frame_in_order_and_ends()
    {
        string path = Mjpeg("a.mjpeg", 5);
        using var camera = NetworkCameras.Table.Open(new CameraRequest(path));
        Assert.Equal([1, 2, 3, 4, 5], Marks(camera, 5));
        Assert.Equal(CameraSignal.Ended, camera.Wait(Long, out _));
        Assert.Equal((0, 0), (camera.Dropped, camera.Damaged));
    }

    [Fact]
    public void A_file_begins_again_when_asked_to()
    {
        using var camera = NetworkCameras.Table.Open(new CameraRequest(Mjpeg("a.mjpg", 2)) { Loop = true });
        Assert.Equal([1, 2, 1, 2, 1], Marks(camera, 5));
    }

    [Fact]
    public void A_file_without_a_frame_ends_even_when_it_should_begin_again()
    {
        using var camera = NetworkCameras.Table.Open(new CameraRequest(_folder.Write("none.mjpeg", "hello"u8)) { Loop = true });
        Assert.Equal(CameraSignal.Ended, camera.Wait(Long, out _));
    }

    [Fact]
    public void A_file_is_paced()
    {
        using var camera = NetworkCameras.Table.Open(new CameraRequest(Mjpeg("a.mjpeg", 2)) { FramesPerSecond = 0.001 });
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        camera.Release(frame);
        Assert.Equal(CameraSignal.Silence, camera.Wait(TimeSpan.Zero, out _));
    }

    [Fact]
    public void Y4m_says_its_size_at_once_and_what_is_none_is_refused()
    {
        using var camera =
            NetworkCameras.Table.Open(new CameraRequest(_folder.Write("a.y4m", [.. "YUV4MPEG2 W2 H2 F5:1\nFRAME\n"u8, 1, 2, 3, 4, 5, 6])));
        Assert.Equal((FourCc.Yuv420, 2, 2, 5.0), (camera.Mode.Format, camera.Mode.Width, camera.Mode.Height, camera.Mode.FramesPerSecond));
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        Assert.Equal((FourCc.Yuv420, 6, 2), (frame.Format, frame.Length, frame.Stride));
        string other = _folder.Write("b.y4m", "hello\n"u8);
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(() => NetworkCameras.Table.Open(new CameraRequest(other))).Kind);
        Assert.Throws<CameraException>(() => NetworkCameras.Table.Open(new CameraRequest(other + ".y4m")));
    }

    [Fact]
    public void A_pipe_without_a_writer_blocks_nobody()
    {
        string path = Pipe("a.mjpeg");
        using var camera = NetworkCameras.Table.Open(new CameraRequest(path));
        Assert.Equal(CameraSignal.Silence, camera.Wait(TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_pipe_gives_the_newest_frame_and_counts_the_others()
    {
        string path = Pipe("a.mjpeg");
        using var camera = NetworkCameras.Table.Open(new CameraRequest("mjpeg:" + path));
        using var writer = new FileStream(path, FileMode.Open, FileAccess.Write);
        writer.Write(TinyJpeg.Of(1));
        writer.Flush();
        Assert.Equal([1], Marks(camera, 1));
        byte[] many = [.. Enumerable.Range(2, 40).SelectMany(i => TinyJpeg.Of((byte)i))];
        writer.Write(many);
        writer.Flush();
        Assert.True(SpinWait.SpinUntil(() => camera.Dropped == 39, Long));
        Assert.Equal([41], Marks(camera, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_end_of_a_pipe_is_an_end_or_a_reason_to_open_it_again(bool loop)
    {
        string path = Pipe("a.mjpeg");
        using var camera = NetworkCameras.Table.Open(new CameraRequest(path) { Loop = loop });
        using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write)) writer.Write(TinyJpeg.Of(1));
        Assert.Equal([1], Marks(camera, 1));
        if (loop)
            Assert.Contains("the stream ended", Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message, StringComparison.Ordinal);
        else Assert.Equal(CameraSignal.Ended, camera.Wait(Long, out _));
    }

    [Fact]
    public void Http_gives_frames_until_the_server_ends()
    {
        using var server = new OneAnswer(
            "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n",
            TinyJpeg.Of(1));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me:secret@{server.Address}/stream?token=x"));
        Assert.Equal([1], Marks(camera, 1));
        Assert.DoesNotContain("secret", camera.Mode.Name, StringComparison.Ordinal);
        Assert.DoesNotContain("token", camera.Mode.Name, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", server.Asked, StringComparison.Ordinal); // shown to who asks for it: HttpCameraTests
        server.Dispose();
        Assert.Contains("the stream", Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_repeats_the_token_is_not_quoted_with_it()
    {
        using var server = new OneAnswer("HTTP/1.1 404 no /stream?token=t0psecret for me:hunter2\r\nContent-Length: 0\r\n\r\n", []);
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me:hunter2@{server.Address}/stream?token=t0psecret"));
        Assert.Equal(
            $"http://{server.Address}/stream: the server answered 404 no /stream?*** for ***",
            Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message);
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "401")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", "answered with text/html")]
    [InlineData("nonsense\r\n\r\n", "cannot be reached")]
    public void Http_answers_that_are_no_stream_say_so(string answer, string words)
    {
        using var server = new OneAnswer(answer, []);
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://{server.Address}/"));
        Assert.Contains(words, Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_whose_certificate_nobody_vouches_for_is_refused_with_the_reason()
    {
        var made = TestAuthority.SelfSigned();
        using var certificate = X509Certificate2.CreateFromPem(made.Chain, made.Key);
        using var server = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n", TinyJpeg.Of(1), certificate);
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"https://{server.Address}/"));
        string message = Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message;
        Assert.Contains("certificate", message, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", message, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public void A_server_that_falls_silent_is_silence_and_closing_does_not_wait_for_it()
    {
        using var server = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n", TinyJpeg.Of(1)[..20]);
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://{server.Address}/"));
        Assert.True(server.HasAnswered.Wait(Long));
        Assert.Equal(CameraSignal.Silence, camera.Wait(TimeSpan.Zero, out _));
    }

    [Theory]
    [InlineData("http://127.0.0.1/", "HTTP")]
    [InlineData("y4m:-", "Y4M")]
    [InlineData("film.Y4M", "Y4M")]
    [InlineData("mjpeg:-", "Motion-JPEG file")]
    [InlineData("/dev/video0", "V4L2")]
    [InlineData("/dev/v4l/by-path/x", "V4L2")]
    [InlineData("/", "folder")]
    public void Names_tell_the_kind(string device, string kind) =>
        Assert.Contains(kind, NetworkCameras.Table.Entries.First(e => e.Knows(device)).Kind, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_name_is_refused_with_the_kinds()
    {
        var refusal = Assert.Throws<EdgeException>(() => NetworkCameras.Table.Open(new CameraRequest("nowhere")));
        Assert.Contains("supported cameras: a Motion-JPEG stream over HTTP (http://..., https://...), ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(", a V4L2 device", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("rtsp://", refusal.Message, StringComparison.Ordinal);
    }

    private static List<int> Marks(ICamera camera, int count)
    {
        var marks = new List<int>();
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
            marks.Add(frame.Data[10]);
            camera.Release(frame);
        }

        return marks;
    }

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi, BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakePipe(string path, uint mode);

    private string Mjpeg(string name, int frames) => _folder.Write(name, [.. Enumerable.Range(1, frames).SelectMany(i => TinyJpeg.Of((byte)i))]);

    private string Pipe(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        Assert.Equal(0, MakePipe(path, 0x180));
        return path;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Device.Cameras;

/// <summary>Cameras of the network as they are in the field: passwords by Digest and Basic, redirects, frames of any size.</summary>
public sealed unsafe class HttpCameraTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30); // of waits that end when what is waited for comes

    [Theory]
    [InlineData("MD5", "Digest realm=\"cam\", qop=\"auth\", nonce=\"n1\", opaque=\"o\"")]
    [InlineData("MD5", "Digest realm=\"cam\", qop=\"auth,auth-int\", algorithm=MD5, nonce=\"n1\"")]
    [InlineData("SHA-256", "Digest realm=\"cam\", qop=\"auth\", algorithm=SHA-256, nonce=\"n1\", stale=false")]
    [InlineData(
        "SHA-256", "Digest realm=\"cam\", qop=\"auth\", algorithm=SHA-256, nonce=\"n1\"",
        "Digest realm=\"cam\", qop=\"auth\", algorithm=MD5, nonce=\"n1\"")]
    [InlineData("MD5", "Basic realm=\"cam\"", "Digest realm=\"cam\", qop=\"auth\", nonce=\"n1\"")]
    public void A_camera_that_asks_for_Digest_gets_the_right_answer_and_never_the_password(string algorithm, params string[] challenges)
    {
        using var server =
            new FakeHttpCamera(request => IsRight(request, algorithm, "n1", "me:too", "p@ss:word") ? FakeHttpCamera.Stream(TinyJpeg.Of(7))
                : FakeHttpCamera.Head("401 Unauthorized", [.. challenges.Select(c => $"WWW-Authenticate: {c}")]));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me%3Atoo:p%40ss:word@{server.Address}/stream?channel=1"));
        Assert.Equal(7, Mark(camera));
        Assert.DoesNotContain(server.Requests, r => r.Contains("Authorization: Basic", StringComparison.Ordinal));
        Assert.Contains("uri=\"/stream?channel=1\"", server.Requests[^1], StringComparison.Ordinal);
        Assert.Contains("nc=00000001", server.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_stale_nonce_is_answered_with_the_new_one()
    {
        using var server = new FakeHttpCamera(request =>
            IsRight(request, "MD5", "n2", "me", "secret") ? FakeHttpCamera.Stream(TinyJpeg.Of(8))
            : FakeHttpCamera.Head("401 Unauthorized", request.Contains("nonce=\"n1\"", StringComparison.Ordinal)
                ? "WWW-Authenticate: Digest realm=\"cam\", qop=\"auth\", nonce=\"n2\", stale=true"
                : "WWW-Authenticate: Digest realm=\"cam\", qop=\"auth\", nonce=\"n1\""));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me:secret@{server.Address}/"));
        Assert.Equal(8, Mark(camera));
    }

    [Fact]
    public void A_camera_that_asks_for_Basic_gets_it()
    {
        using var server =
            new FakeHttpCamera(request => request.Contains("Authorization: Basic " + Convert.ToBase64String("me:secret"u8), StringComparison.Ordinal)
                ? FakeHttpCamera.Stream(TinyJpeg.Of(9)) : FakeHttpCamera.Head("401 Unauthorized", "WWW-Authenticate: Basic realm=\"cam\""));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me:secret@{server.Address}/"));
        Assert.Equal(9, Mark(camera));
    }

    [Fact]
    public void A_wrong_password_is_said_without_it()
    {
        using var server =
            new FakeHttpCamera(_ => FakeHttpCamera.Head("401 Unauthorized", "WWW-Authenticate: Digest realm=\"cam\", qop=\"auth\", nonce=\"n1\""));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me:secret@{server.Address}/"));
        string message = Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message;
        Assert.Contains("requires another user name and password (401)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 1, 3);
    }

    [Theory]
    [InlineData("/other")]
    [InlineData("other?x=1")]
    [InlineData("http://127.0.0.1:PORT/other")]
    public void A_redirect_to_the_same_host_is_followed_with_the_password(string location)
    {
        int port = 0;
        using var server = new FakeHttpCamera(request => !request.StartsWith("GET /other", StringComparison.Ordinal)
            ? FakeHttpCamera.Head("302 Found", $"Location: {location.Replace("PORT", $"{port}", StringComparison.Ordinal)}")
            : request.Contains("Authorization: Basic", StringComparison.Ordinal) ? FakeHttpCamera.Stream(TinyJpeg.Of(3))
            : FakeHttpCamera.Head("401 Unauthorized", "WWW-Authenticate: Basic realm=\"cam\""));
        port = int.Parse(server.Address.Split(':')[1]);
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://me:secret@{server.Address}/stream"));
        Assert.Equal(3, Mark(camera));
    }

    [Theory]
    [InlineData("http://127.0.0.2/stream")] // the same machine, by another address
    [InlineData("http://camera.example/stream?token=abc")]
    [InlineData("//camera.example/stream")]
    [InlineData("file:///etc/passwd")]
    public void A_redirect_to_another_host_is_refused_with_its_name(string location)
    {
        using var server = new FakeHttpCamera(_ => FakeHttpCamera.Head("301 Moved Permanently", $"Location: {location}"));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://{server.Address}/"));
        string message = Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message;
        Assert.Contains("redirects are followed only to the same host", message, StringComparison.Ordinal);
        Assert.DoesNotContain("token", message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_server_that_leads_in_circles_is_given_up()
    {
        using var server = new FakeHttpCamera(_ => FakeHttpCamera.Head("307 Temporary Redirect", "Location: /again"));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://{server.Address}/"));
        Assert.Contains(
            "redirects more than 3 times", Assert.Throws<CameraException>(() => camera.Wait(Long, out _)).Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void A_frame_that_would_fill_the_memory_is_damaged_and_the_next_one_comes()
    {
        byte[] start = [0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02];
        using var server =
            new FakeHttpCamera(_ => FakeHttpCamera.Stream([.. start, .. new byte[HttpCamera.MostFrameBytes + (1 << 20)], .. TinyJpeg.Of(5)]));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://{server.Address}/"));
        Assert.Equal(5, Mark(camera));
        Assert.Equal(1, camera.Damaged);
    }

    [Fact]
    public void Parts_without_length_and_without_end_marker_are_frames()
    {
        byte[] part(byte mark) => [.. "--b\r\nContent-Type: image/jpeg\r\n\r\n"u8, .. TinyJpeg.Of(mark)[..^2], .. "\r\n"u8];
        using var server = new FakeHttpCamera(_ => FakeHttpCamera.Stream([.. part(1), .. part(2), .. "--b\r\n"u8]));
        using var camera = NetworkCameras.Table.Open(new CameraRequest($"http://{server.Address}/"));
        var marks = new HashSet<int>();
        Assert.True(SpinWait.SpinUntil(
            () => camera.Wait(TimeSpan.FromSeconds(1), out var frame) == CameraSignal.Frame && marks.Add(frame.Data[10]) && marks.Contains(2), Long));
        Assert.Equal(0, camera.Damaged);
    }

    private static int Mark(ICamera camera)
    {
        Assert.Equal(CameraSignal.Frame, camera.Wait(Long, out var frame));
        int mark = frame.Data[10];
        camera.Release(frame);
        return mark;
    }

    /// <summary>By the letter of RFC 7616, 3.4.1, for qop=auth.</summary>
    private static bool IsRight(string request, string algorithm, string nonce, string user, string password)
    {
        var header = Regex.Match(request, "^Authorization: Digest (.*)\r$", RegexOptions.Multiline);
        if (!header.Success) return false;
        var fields = Regex.Matches(header.Groups[1].Value, "(\\w+)=(?:\"([^\"]*)\"|([^\\s,]*))")
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value);
        string path = request.Split(' ')[1];
        string secret = Hash($"{user}:{fields["realm"]}:{password}"), ask = Hash($"GET:{path}");
        return fields["nonce"] == nonce && fields["username"] == user && fields["uri"] == path && fields["qop"] == "auth"
            && fields["response"] == Hash($"{secret}:{nonce}:{fields["nc"]}:{fields["cnonce"]}:auth:{ask}");

        string Hash(string text) => Convert.ToHexStringLower(CryptographicOperations.HashData(
            new HashAlgorithmName(algorithm.Replace("-", "", StringComparison.Ordinal)), Encoding.UTF8.GetBytes(text)));
    }
}

using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Configuration;
using ResNetEdge.Service.Yaml;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Cameras;

public sealed class StreamSettingsTests
{
    [Fact]
    public void An_rtsp_camera_has_all_of_them()
    {
        var request = Read("rtsp://cam/live", "user: me", "password_file: /p", "transport: udp", "latency_ms: 50", "decoder: openh264dec",
            "controls: [udp-buffer-size=1000000]");
        Assert.Equal(("me", "/p", RtspTransport.Udp, TimeSpan.FromMilliseconds(50), "openh264dec", "udp-buffer-size=1000000"),
            (request.User, request.PasswordFile, request.Transport, request.Latency, request.Decoder, Assert.Single(request.Controls)));
        Assert.Equal(request, Read("rtsp://cam/live", "user: me", "password_file: /p", "transport: udp", "latency_ms: 50",
            "decoder: openh264dec", "controls: udp-buffer-size=1000000")); // so that a reload leaves the camera alone
        Assert.NotEqual(request, request with { Controls = new EqualList<string>(["udp-buffer-size=2"]) });
    }

    [Fact]
    public void Without_them_frames_come_over_tcp()
    {
        var request = Read("rtsp://cam/live");
        Assert.Equal((null, RtspTransport.Tcp, CameraRequest.DefaultLatency, null),
            (request.User, request.Transport, request.Latency, request.Decoder));
        Assert.Empty(request.Controls);
    }

    [Theory]
    [InlineData("/dev/video0", "transport: tcp", "'camera.transport' needs an rtsp:// camera")]
    [InlineData("http://cam/", "decoder: x", "'camera.decoder' needs an rtsp:// camera")]
    [InlineData("csi://0", "user: x", "'camera.user' needs an rtsp:// or http:// camera")]
    [InlineData("a.mp4", "controls: a=b", "'camera.controls' needs a csi:// or rtsp:// camera")]
    [InlineData("rtsp://cam/", "password_file: x", "'camera.password_file' needs 'user'")]
    [InlineData("http://cam/", "user: x", "'camera.user' needs 'password_file'")]
    [InlineData("rtsp://a:b@cam/", "user: x", "'camera.user' cannot be combined with a user name in the camera's address")]
    [InlineData("rtsp://cam/", "decoder: 'a ! filesink location=/x'", "'camera.decoder' must be the name of one GStreamer element")]
    [InlineData("csi://0", "controls: sensor-mode", "'camera.controls' must be a list of name=value, not 'sensor-mode'")]
    [InlineData("rtsp://cam/", "latency_ms: -1", "'camera.latency_ms' must be a number from 0 to 10000")]
    [InlineData("rtsp://cam/", "transport: http", "'camera.transport' must be one of tcp, udp")]
    public void What_does_not_fit_is_a_problem_with_its_line(string device, string line, string problem) =>
        Assert.Contains($"f:5: {problem}", Assert.Throws<EdgeException>(() => Read(device, line)).Message, StringComparison.Ordinal);

    private static CameraRequest Read(string device, params string[] lines) => ServiceConfiguration.From(YamlTree.Parse(
        $"model:\n  package: /m\ncamera:\n  device: {device}\n{string.Concat(lines.Select(l => $"  {l}\n"))}", "f"), "f").Cameras[0].Request;
}

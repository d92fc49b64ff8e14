using System.Diagnostics;
using System.Globalization;
using ResNetEdge.Device.Native.GStreamer;

namespace ResNetEdge.Tests.Unit.Device.Cameras.Pipelines;

/// <summary>An RTSP camera: Debian's gst-rtsp-server with a coder, in a process of its own (rtsp_server.py).</summary>
internal sealed class RtspServer : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly Lazy<string?> Lacking = new(FindLacking);
    private readonly Process _process;

    /// <summary>Starts one and waits until it listens; skips the test where it cannot be had.</summary>
    /// <param name="options">Of the script.</param>
    public RtspServer(params string[] options)
    {
        Skip.If(Lacking.Value is not null, Lacking.Value);
        _process = Start([Path.Combine(House.Root, "tests/Unit/Device/Cameras/Pipelines/rtsp_server.py"), .. options]);
        string port = _process.StandardOutput.ReadLine() ?? "";
        Assert.True(port.Length > 0, port.Length > 0 ? "" : _process.StandardError.ReadToEnd());
        Port = int.Parse(port, CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    /// <summary>Of the process.</summary>
    public int Id => _process.Id;

    public string Address => $"rtsp://127.0.0.1:{Port}/stream";

    /// <summary>Has it do something; see the script.</summary>
    public void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string? FindLacking()
    {
        if (GstLibrary.Shared is null) return $"GStreamer is not installed (Debian package {GstLibrary.PackageName})";
        var library = GstLibrary.Require("this test");
        foreach (var (element, package) in new[]
        {
            ("rtspsrc", "gstreamer1.0-plugins-good"), ("h264parse", "gstreamer1.0-plugins-bad"), ("x264enc", "gstreamer1.0-plugins-ugly"),
            ("avdec_h264", "gstreamer1.0-libav"),
        })
        {
            if (!library.Elements.Has(element)) return $"GStreamer's {element} is not installed (Debian package {package})";
        }

        const string script = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
        if (!File.Exists(Python)) return "python3 is not installed";
        using var process = Start(["-c", script]);
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "an RTSP server is not installed (Debian packages python3-gi and gir1.2-gst-rtsp-server-1.0)";
    }

    private static Process Start(IEnumerable<string> words) => Process.Start(new ProcessStartInfo(Python, words)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}

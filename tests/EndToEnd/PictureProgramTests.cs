using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device.Native;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs.Mqtt;

namespace ResNetEdge.Tests.EndToEnd;

/// <summary>The service as it ships: a folder is the camera, Debian's mosquitto the broker, a small web server the phone.</summary>
public sealed class PictureProgramTests : IDisposable
{
    private const int Frames = 40, TurnsBright = 20; // the frame at which the folder's pictures become bright
    private readonly TempFolder _folder = new();
    private readonly FakeWebServer _phone = new();
    private readonly Mosquitto _broker;

    public PictureProgramTests() => _broker = new Mosquitto(_folder.Path);

    public void Dispose()
    {
        _phone.Dispose();
        _broker.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void A_rule_that_is_armed_sends_its_picture_everywhere_and_keeps_it()
    {
        var program = BuiltProgram.OrSkip("resnetedge-service");
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        _broker.Start();
        _broker.Publish("home/alarm", "armed_away", isRetained: true);
        var heard = _broker.Subscribe("t/rule/#");
        Configure("armed_away");
        Assert.Equal((0, ""), Checked(program));
        var run = Start();
        heard(l => l.Contains("\"on\":true", StringComparison.Ordinal));
        SinkBench.Until(() => _phone.Posts.Count > 0, "the message");
        Assert.Equal(0, Stop(run));

        var put = _phone.Posts[0];
        Assert.Equal(("PUT /hook?x=1 HTTP/1.1", "image/jpeg", "lit"), (put.Line, put.Headers["Content-Type"], put.Headers["Title"]));
        Assert.Equal("lit: bright, 100 %", put.Headers["Message"]);
        Assert.InRange(SinkBench.Look(put.Body).Brightness, 230, 255);
        string kept = Assert.Single(Directory.GetFiles(_folder["kept"], "*-rule.jpg"));
        Assert.InRange(SinkBench.Look(File.ReadAllBytes(kept)).Brightness, 230, 255);
        Assert.Contains("\"armed\":\"armed_away\"", File.ReadAllText(Path.ChangeExtension(kept, ".json")), StringComparison.Ordinal);
        Assert.Contains(_broker.Subscribe("t/picture/lit")(l => l.StartsWith("t/picture/lit", StringComparison.Ordinal)), l => l.Length > 20);
    }

    [SkippableFact]
    public void A_rule_that_is_not_armed_tells_nobody()
    {
        var program = BuiltProgram.OrSkip("resnetedge-service");
        _broker.Start();
        _broker.Publish("home/alarm", "disarmed", isRetained: true);
        var heard = _broker.Subscribe("t/#");
        Configure("armed_away");
        Assert.Equal(0, Checked(program).Code);
        var run = Start();
        SinkBench.Until(() => File.Exists(_folder["lines"]) && File.ReadAllText(_folder["lines"]).Split('\n').Length > 2 * Frames, "results");
        Assert.Equal(0, Stop(run));
        var lines = heard(l => l == "t/status offline");
        Assert.DoesNotContain(lines, l => l.Contains("\"on\":true", StringComparison.Ordinal));
        Assert.Empty(_phone.Posts);
    }

    private (int Code, string Error) Checked(BuiltProgram program)
    {
        var result = program.Run("run", "--service", _folder["service.yaml"], "--check");
        return (result.Code, result.Error);
    }

    private void Configure(string state)
    {
        BrightOrDark.Write(_folder["model"]);
        _folder.Write("password", "s3cret"u8);
        for (int i = 0; i < Frames; i++)
        {
            byte[] pixels = new byte[64 * 48];
            Array.Fill(pixels, (byte)(i < TurnsBright ? 10 : 240));
            _folder.Write($"camera/{i:d3}.pgm", [.. Encoding.ASCII.GetBytes("P5\n64 48\n255\n"), .. pixels]);
        }

        File.WriteAllText(_folder["service.yaml"], $$"""
            state_folder: {{_folder["state"]}}
            model: {package: {{_folder["model"]}}}
            camera:
              device: {{_folder["camera"]}}
              frames_per_second: 50
              loop: true
              region: {x: 0.25, y: 0.25, width: 0.5, height: 0.5}
            rules:
              - name: lit
                label: bright
                threshold: 0.8
                frames: 2
                of: 3
                active: ['sun-sat']
                at_most: 1 per day
                armed_by: {output: home, topic: home/alarm, states: [{{state}}]}
                actions: [phone, home, keep]
            outputs:
              - name: phone
                type: webhook
                url: {{_phone.Url}}
                picture: body
                changes: on
              - name: home
                type: mqtt
                host: 127.0.0.1
                port: {{_broker.Port}}
                client_id: box
                user: box
                password_file: {{_folder["password"]}}
                topic: t
                retain: true
                picture: true
              - name: keep
                type: frames
                folder: {{_folder["kept"]}}
                per_hour: 1
              - name: lines
                type: json_lines
                path: {{_folder["lines"]}}
                what: results
            """);
    }

    private Process Start() => Process.Start(
        new ProcessStartInfo(
            Path.Combine(BuiltProgram.Root, BuiltProgram.Folder, "resnetedge-service"), ["run", "--service", _folder["service.yaml"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static int Stop(Process run)
    {
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        const int sigterm = 15;
        Assert.Equal(0, Kill(run.Id, sigterm));
        Assert.True(run.WaitForExit(TimeSpan.FromMinutes(1)), "the service does not end");
        Assert.DoesNotContain("defect", error.Result + output.Result, StringComparison.Ordinal);
        return run.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

using System.Text;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>What a camera's or server's address holds besides its name reaches nobody: not the log, not the page, not a refusal.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Camera = "http://admin:hunter2@cam/stream?token=t0psecret";
    private readonly RunningService _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public void A_running_service_tells_no_secret_of_its_camera()
    {
        _running.Configure(RunningService.Rules, camera: $"'{Camera}'");
        _running.Openings.Enqueue(new CameraException($"no answer from {Camera}"));
        _running.Service.Step();
        AssertClean(Everything());
        Assert.Contains("no answer from http://cam/stream", _running.LogText, StringComparison.Ordinal);
        _running.Steps.Enqueue(FakeStep.End);
        _running.Time.Advance(TimeSpan.FromSeconds(6));
        _running.Service.Run();
        AssertClean(Everything());
        Assert.Contains("camera=http://cam/stream", _running.LogText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("camera: {device: 'http://admin:hunter2@cam/', width: 'http://admin:hunter2@cam/x?t0psecret'}")]
    [InlineData("camera: {device: a, 'http://admin:hunter2@cam/?t0psecret': b}")]
    [InlineData("outputs: [{name: o, type: webhook, url: 'https://admin:hunter2@hook/t0psecret'}]")]
    [InlineData("outputs: [{name: o, type: webhook, url: 'hook/t0psecret'}]")]
    [InlineData("telemetry: {endpoint: 'http://admin:hunter2@collector/?t0psecret'}")]
    [InlineData("outputs: [{name: o, type: mqtt, host: 'admin:hunter2@broker?t0psecret'}]")]
    public void A_refused_configuration_is_quoted_without_its_secrets(string yaml)
    {
        string path = _running.Folder.Write("c.yaml", Encoding.UTF8.GetBytes(
            $"model: {{package: /m}}\n{(yaml.StartsWith("camera", StringComparison.Ordinal) ? "" : "camera: {device: a}\n")}{yaml}\n"));
        var (code, said) = Run("run", "--service", path, "--check");
        Assert.Equal(ExitCode.BadInput, code);
        AssertClean(said);
    }

    [Fact]
    public void A_command_line_is_quoted_without_its_secrets()
    {
        var (code, said) = Run("run", "--service", "c.yaml", Camera);
        Assert.Equal(ExitCode.Usage, code);
        AssertClean(said);
        (code, said) = Run("run", $"{Camera}/model.onnx", "--camera", "rtsp://admin:hunter2@cam/?t0psecret");
        Assert.Equal(ExitCode.BadInput, code);
        AssertClean(said);
    }

    private static (ExitCode Code, string Said) Run(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = ResNetEdge.Daemon.Program.Shell.Run(words, new Terminal(output, error));
        return (code, $"{output}{error}");
    }

    private static void AssertClean(string said)
    {
        Assert.NotEqual("", said);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        Assert.DoesNotContain("t0psecret", said, StringComparison.Ordinal);
    }

    private string Everything() => _running.LogText + Encoding.UTF8.GetString(StatusReport.Of(_running.Snapshot, "1").ToJson())
        + Encoding.UTF8.GetString(HealthReport.Of(_running.Snapshot).ToJson());
}

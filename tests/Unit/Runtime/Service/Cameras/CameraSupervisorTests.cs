using ResNetEdge.Device.Cameras;
using ResNetEdge.Device.Cameras.Pipelines;
using ResNetEdge.Service;
using ResNetEdge.Service.Cameras;
using ResNetEdge.Service.Timing;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Cameras;

/// <summary>What the log says of a camera that learns from its frames what they are.</summary>
public sealed class CameraSupervisorTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly StringWriter _lines = new();
    private readonly FakePipeline _pipeline;
    private readonly CameraSupervisor _supervisor;

    public CameraSupervisorTests()
    {
        _pipeline = new FakePipeline(_time);
        var request = new CameraRequest("rtsp://cam/live");
        _supervisor = new CameraSupervisor(
            new CameraSettings(request, TimeSpan.FromSeconds(5), null, TimeSpan.FromSeconds(5)),
            _ => new PipelineCamera(request, _pipeline, isFile: false, _time), new Liveness(_time, static () => default), _time,
            new Log(_lines, _time, isJournal: false));
    }

    public void Dispose() => _supervisor.Dispose();

    [Fact]
    public void A_mode_is_logged_when_it_is_known_and_when_it_changes()
    {
        Take();
        Take();
        _pipeline.Caps[2] = FakePipeline.Gray(8, 2);
        Take(caps: 2);
        Assert.Equal(["camera open size=0x0", "camera mode size=6x4", "camera mode size=8x2"],
            Lines().Select(static l => $"{l.Split(": ")[1].Split(" camera=")[0]} "
                + l.Split(' ').First(static w => w.StartsWith("size=", StringComparison.Ordinal))));
    }

    [Fact]
    public void What_the_camera_complains_about_is_logged_once()
    {
        for (int i = 0; i < 3; i++)
        {
            _pipeline.Messages.Enqueue(FakePipeline.Warning("Packet lost."));
            Take();
        }

        Assert.Equal("the camera complains reason=\"rtsp://cam/live: the pipeline warns (avdec_h264-0: Packet lost.)\"",
            Assert.Single(Lines(), static l => l.Contains("complains", StringComparison.Ordinal)).Split("warning: ")[1]);
    }

    private void Take(nint caps = 1)
    {
        _pipeline.Deliver(1, caps);
        Assert.Equal(CameraStep.Frame, _supervisor.Next(TimeSpan.FromSeconds(1), out var frame));
        _supervisor.Release(frame);
    }

    private string[] Lines() => _lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

using ResNetEdge.Benchmarks.Models;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Data;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>What can never work is seen before it is taken over, and by <c>--check</c>.</summary>
public sealed class ServiceCheckTests : IDisposable
{
    private readonly RunningService _running = new() { CheckCamera = NetworkCameras.Table.Check };

    /// <summary>Devices, and what is said of them.</summary>
    public static TheoryData<string, string> Impossible => new()
    {
        { "http://cam:0/stream", "has the invalid port 0" },
        { "http://cam:70000/stream", "is not the address of a camera" },
        { "http://", "is not the address of a camera" },
        { "http:///stream", "is not the address of a camera" },
        { "rtmp://cam/stream", "is not a supported kind of camera" },
        { "htp://cam/stream", "is not a supported kind of camera" },
        { "/nowhere/pictures", "no such file or folder" },
        { "/dev/shm", "is a folder, not a camera" },
        { "{folder}/empty", "contains no pictures" },
        { "y4m:{folder}/empty", "is a folder, not a stream of frames" },
    };

    /// <summary>Devices that may come.</summary>
    public static TheoryData<string, string> Absent => new()
    {
        { "/dev/video93", "no such device at present" },
        { "{folder}/later.y4m", "no such file or pipe" },
        { "mjpeg:{folder}/later", "no such file or pipe" },
    };

    public void Dispose() => _running.Dispose();

    [Theory]
    [MemberData(nameof(Impossible))]
    [MemberData(nameof(Absent))]
    public void A_reload_does_not_lose_a_good_camera_for_one_that_cannot_work(string device, string says)
    {
        _running.Run(FakeStep.Bright, FakeStep.Bright);
        _running.Configure("", camera: $"'{In(device)}'"); // without the rule
        _running.LetItNotice();
        Assert.Equal((0L, 1L, "running", 1), (_running.Snapshot.Reloads, _running.Snapshot.ReloadsRefused, _running.Snapshot.State, _running.Opened));
        Assert.Equal("lit", Assert.Single(_running.Snapshot.Rules).Name);
        Assert.Contains(says, _running.LogText, StringComparison.Ordinal);
        _running.Configure(RunningService.Rules, camera: "'http://cam/stream'");
        _running.LetItNotice();
        _running.Run(FakeStep.Dark);
        Assert.Equal((1L, 2, "http://cam/stream"), (_running.Snapshot.Reloads, _running.Opened, _running.LastRequest!.Device.Whole));
    }

    [Theory]
    [MemberData(nameof(Absent))]
    public void A_camera_that_may_come_is_taken_over_when_there_is_none_to_lose(string device, string says)
    {
        _running.Run(FakeStep.Dark);
        for (int i = 0; i < 100; i++) _running.Openings.Enqueue(new CameraException("gone"));
        _running.Run(FakeStep.Fail);
        _running.Configure(RunningService.Rules, camera: $"'{In(device)}'");
        for (int i = 0; i < 4; i++)
        {
            _running.Time.Advance(TimeSpan.FromSeconds(1.1));
            _running.Service.Step();
            _running.Service.WaitForWork();
        }

        Assert.Equal(1, _running.Snapshot.Reloads);
        Assert.Contains(says, _running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_camera_that_runs_is_not_looked_at_again()
    {
        using var running = new RunningService { CheckCamera = _ => throw new CameraException("unplugged at this moment") };
        running.Run(FakeStep.Bright);
        running.Configure("");
        running.LetItNotice();
        Assert.Equal(1, running.Snapshot.Reloads);
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Check_refuses_a_camera_that_can_never_work(string device, string says)
    {
        _running.Configure(RunningService.Rules, camera: $"'{In(device)}'");
        var (code, output, error) = Check();
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_is_content_with_what_works_and_names_what_is_not_there_yet()
    {
        _running.Configure(RunningService.Rules, camera: "'http://me:hunter2@cam/stream?t=1'");
        var (code, output, error) = Check();
        Assert.Equal((
            ExitCode.Done, $"{_running.ConfigurationPath}: valid; model {_running.Folder["model"]}, camera http://cam/stream, 1 rules, 0 outputs\n",
            ""), (code, output, error));
        _running.Configure(RunningService.Rules, model: "nothing", camera: "/dev/video93");
        (code, _, error) = Check();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("no camera now: /dev/video93: no such device at present", error, StringComparison.Ordinal);
        Assert.Contains($"no package yet: nothing exists at '{_running.Folder["nothing"]}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_loads_the_package_and_compares_its_labels()
    {
        _running.Configure("rules:\n  - name: lit\n    label: brihgt\n    threshold: 0.8", camera: "/dev/video93");
        Assert.Contains("watches 'brihgt'", Check().Error, StringComparison.Ordinal);
        BrightOrDark.Write(_running.Folder["model"], breaks: true);
        _running.Configure(RunningService.Rules, camera: "/dev/video93");
        var (code, _, error) = Check();
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("golden vector 0 is not reproduced (largest difference", error, StringComparison.Ordinal);
        File.Delete(_running.Folder["model/labels.txt"]);
        SpecialFile.Pipe(_running.Folder["model/labels.txt"]);
        Assert.Equal(ExitCode.Refused, Check().Code); // it is not as long as the manifest says
    }

    private string In(string device)
    {
        Directory.CreateDirectory(_running.Folder["empty"]);
        return device.Replace("{folder}", _running.Folder.Path, StringComparison.Ordinal);
    }

    private (ExitCode Code, string Output, string Error) Check()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = ResNetEdge.Daemon.Program.Shell.Run(["run", "--service", _running.ConfigurationPath, "--check"], new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}

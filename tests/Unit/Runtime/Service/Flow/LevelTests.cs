using System.Text.Json;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device.Native;
using ResNetEdge.Tests.Fakes;
using ResNetEdge.Tests.Unit.Runtime.Service.Outputs;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>A package whose one level calls gray bright, which the whole network calls dark, on two cameras.</summary>
public sealed class LevelTests : IDisposable
{
    private static readonly FakeStep Gray = new(FakeStepKind.Frame, 100);
    private readonly RunningService _running = new();

    public LevelTests() => BrightOrDark.WriteLadder(_running.Folder["model"], version: 6);

    public void Dispose() => _running.Dispose();

    private string Kept => _running.Folder["kept"];

    [Fact]
    public void Heat_has_both_cameras_run_the_same_level_and_results_say_so()
    {
        BeHot();
        Configure($"name: lines, type: json_lines, what: results, path: {_running.Folder["lines"]}", "budget: {max_celsius: 80, heat_pause_s: 50}");
        Both(Gray, Gray);
        _running.Service.WaitForWork();
        Both(Gray, Gray);
        Assert.Equal((1, 1L), (_running.Snapshot.Model.Level, _running.Snapshot.StepsDown));
        _running.Kill();
        var lines = File.ReadAllLines(_running.Folder["lines"]).Select(l => JsonDocument.Parse(l).RootElement);
        Assert.Equal(
            [("front", 0, "dark"), ("back", 0, "dark"), ("front", 1, "bright"), ("back", 1, "bright")],
            lines.Select(l => (l.GetProperty("camera").GetString(), l.GetProperty("level").GetInt32(), Label(l.GetProperty("top")[0]))));
    }

    [SkippableFact]
    public void Frames_of_which_two_levels_say_different_things_are_kept_as_often_as_asked_for()
    {
        Skip.If(TurboJpeg.Shared == null, "libturbojpeg is not installed");
        Configure($"name: odd, type: frames, folder: {Kept}, when: disagreement, compare_s: 1, pause_s: 0");
        Both(Gray, Gray);
        _running.Service.WaitForWork();
        Both(Gray, Gray);
        Await(2);
        for (int i = 0; i < 10; i++) Both(Gray, Gray); // 0.8 s
        Assert.Equal(2, Accepted);
        _running.Time.Advance(TimeSpan.FromSeconds(1));
        Both(FakeStep.Bright, Gray);
        Await(3);
        var kept = Directory.GetFiles(Kept, "*.json").Order(StringComparer.Ordinal).Select(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement)
            .ToList();
        Assert.Equal(["front", "back", "back"], kept.Select(k => k.GetProperty("camera").GetString()));
        Assert.All(kept, k =>
        {
            Assert.Equal(("disagreement", "dark"), (k.GetProperty("kept").GetString(), Label(k.GetProperty("top")[0])));
            var other = k.GetProperty("other_level");
            Assert.Equal((1, 0, "bright"), (other.GetProperty("level").GetInt32(), other.GetProperty("index").GetInt32(), Label(other)));
            Assert.InRange(other.GetProperty("probability").GetDouble(), 0.9, 1);
        });
        Assert.All(Directory.GetFiles(Kept, "*.jpg"), f => Assert.EndsWith("-disagreement.jpg", f, StringComparison.Ordinal));
    }

    [Fact]
    public void While_the_service_saves_time_no_frame_is_run_twice()
    {
        BeHot();
        Configure($"name: odd, type: frames, folder: {Kept}, when: disagreement, compare_s: 1, pause_s: 0",
            "budget: {max_celsius: 80, heat_pause_s: 50}");
        Both(Gray, Gray);
        _running.Service.WaitForWork();
        for (int i = 0; i < 3; i++)
        {
            _running.Time.Advance(TimeSpan.FromSeconds(1));
            Both(FakeStep.Dark, Gray);
        }

        Assert.Equal((1, 0L), (_running.Snapshot.Model.Level, Accepted));
        Assert.Contains("level loaded beside the whole network", _running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_level_comes_and_goes_with_the_output_and_with_the_package()
    {
        Configure($"name: odd, type: frames, folder: {Kept}, when: disagreement, compare_s: 1, pause_s: 0");
        Both(FakeStep.Dark, FakeStep.Dark);
        LetItNotice();
        Assert.Equal(1, Count("level loaded beside the whole network"));
        BrightOrDark.WriteLadder(_running.Folder["model"], version: 7);
        LetItNotice();
        Assert.Equal(("7", 2), (_running.Snapshot.Model.Version, Count("level loaded beside the whole network")));
        BrightOrDark.Write(_running.Folder["model"], version: 8);
        LetItNotice();
        LetItNotice();
        Assert.Equal(1, Count("no frames by disagreement"));
        Assert.Contains("has no ladder: make one by 'resnetedge-export hide --ladder'", _running.LogText, StringComparison.Ordinal);
        Configure($"name: lines, type: json_lines, path: {_running.Folder["lines"]}");
        LetItNotice();
        Configure($"name: odd, type: frames, folder: {Kept}, when: disagreement, compare_s: 1, pause_s: 0");
        LetItNotice();
        Assert.Equal((2L, 2), (_running.Snapshot.Reloads, Count("no frames by disagreement"))); // said again when it is asked for again
    }

    private static string? Label(JsonElement place) => place.GetProperty("label").GetString();

    private long Accepted => _running.Snapshot.Outputs[0].Accepted;

    private int Count(string text) => _running.LogText.Split(text).Length - 1;

    private void Await(long kept) =>
        SinkBench.Until(() => _running.Snapshot.Outputs[0].Delivered == kept, $"{kept} frames; {_running.Snapshot.Outputs[0]}");

    private void Both(FakeStep front, FakeStep back) => _running.RunAll(("front", front), ("back", back));

    private void Configure(string output, string more = "") => _running.ConfigureCameras($"outputs: [{{{output}}}]\n{more}", "front", "back");

    // Before the first step, so that the first housekeeping notices.
    private void BeHot()
    {
        _running.Folder.Write("root/sys/class/thermal/thermal_zone0/type", "cpu-thermal\n"u8);
        _running.Folder.Write("root/sys/class/thermal/thermal_zone0/temp", "95000\n"u8);
        _running.Time.Advance(TimeSpan.FromSeconds(2));
    }

    private void LetItNotice()
    {
        _running.Service.WaitForWork();
        for (int look = 0; look < 4; look++)
        {
            _running.Time.Advance(TimeSpan.FromSeconds(1.1));
            Both(FakeStep.Dark, FakeStep.Dark);
            _running.Service.WaitForWork();
        }
    }
}

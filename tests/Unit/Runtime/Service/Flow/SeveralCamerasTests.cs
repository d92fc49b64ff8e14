using System.Text.Json;
using ResNetEdge.Benchmarks.Models;
using ResNetEdge.Device.Cameras;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>Two cameras in one service: what happens to one does not happen to the other, and whatever is told says whose it is.</summary>
public sealed class SeveralCamerasTests : IDisposable
{
    private readonly RunningService _running = new();

    public SeveralCamerasTests() => _running.ConfigureCameras(Rules(), "front", "back");

    private ServiceSnapshot Snapshot => _running.Snapshot;

    public void Dispose() => _running.Dispose();

    [Fact]
    public void A_rule_is_on_for_the_camera_that_sees_it()
    {
        Both(FakeStep.Bright, FakeStep.Dark);
        Both(FakeStep.Bright, FakeStep.Dark);
        Assert.Equal([("front", true), ("back", false)], Snapshot.Rules.Select(r => (r.Camera, r.IsOn)));
        Assert.Equal([("front", 2L), ("back", 2L)], Snapshot.Cameras.Select(c => (c.Name, c.Frames)));
        Both(FakeStep.Dark, FakeStep.Bright);
        Both(FakeStep.Dark, FakeStep.Bright);
        Assert.Equal([("front", false), ("back", true)], Snapshot.Rules.Select(r => (r.Camera, r.IsOn)));
        Assert.Contains("rule on camera=back rule=lit label=bright", _running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_may_watch_one_camera_alone()
    {
        _running.ConfigureCameras(Rules("    camera: back"), "front", "back");
        Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal([("back", true)], Snapshot.Rules.Select(r => (r.Camera, r.IsOn)));
    }

    [Fact]
    public void Results_and_events_in_a_file_name_their_camera()
    {
        _running.ConfigureCameras(
            Rules() + $"\noutputs:\n - {{name: lines, type: json_lines, what: both, every_nth: 2, path: {_running.Folder["lines"]}}}",
            "front", "back");
        for (int i = 0; i < 4; i++) Both(FakeStep.Dark, FakeStep.Bright);
        _running.Kill();
        var lines = File.ReadAllLines(_running.Folder["lines"]).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        string Text(JsonElement e, string name) => e.GetProperty(name).ToString();
        // Of each camera every other one, though the two come in turns.
        Assert.Equal(
            [("front", "1"), ("back", "1"), ("front", "3"), ("back", "3")],
            lines.Where(l => Text(l, "event") == "result").Select(l => (Text(l, "camera"), Text(l, "frame"))));
        Assert.Equal([("back", "True")], lines.Where(l => Text(l, "event") == "rule").Select(l => (Text(l, "camera"), Text(l, "on"))).Take(1));
    }

    [Fact]
    public void A_camera_that_is_gone_stops_no_other_and_health_names_it()
    {
        Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright);
        _running.Gone.Add("back");
        Both(FakeStep.Bright, FakeStep.Fail);
        for (int i = 0; i < 50; i++) _running.RunAll(("front", FakeStep.Bright));
        Assert.Equal(("running", false), (Snapshot.State, Snapshot.IsHealthy));
        Assert.Equal([("front", true), ("back", false)], Snapshot.Rules.Select(r => (r.Camera, r.IsOn)));
        Assert.Equal("camera 'back': no such device", Snapshot.Trouble);
        Assert.Equal([("front", "running", true), ("back", "blind", false)], Snapshot.Cameras.Select(c => (c.Name, c.State, c.IsHealthy)));
        var health = JsonDocument.Parse(HealthReport.Of(Snapshot).ToJson()).RootElement;
        Assert.False(health.GetProperty("healthy").GetBoolean());
        Assert.Equal("""{"name":"back","healthy":false,"state":"blind","trouble":"no such device"}""", health.GetProperty("cameras")[1].GetRawText());
        _running.Gone.Clear();
        for (int i = 0; i < 400 && !Snapshot.IsHealthy; i++) Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal((true, null), (Snapshot.IsHealthy, Snapshot.Trouble));
        Assert.All(Snapshot.Rules, r => Assert.True(r.IsOn));
    }

    [Fact]
    public void A_camera_that_hangs_does_not_have_the_process_restarted_while_another_works()
    {
        using var manager = new FakeManager();
        using var running = new RunningService { Manager = manager };
        running.ConfigureCameras(Rules(), "front", "back");
        running.RunAll(("front", FakeStep.Dark));
        manager.Received();
        for (int i = 0; i < 20; i++) running.RunAll(("front", FakeStep.Dark)); // the other is open and silent
        Assert.Contains("WATCHDOG=1", manager.Received());
        for (int i = 0; i < 3; i++) running.Service.Step();
        manager.Received();
        for (int i = 0; i < 10; i++) running.Service.Step(); // now both are
        Assert.DoesNotContain("WATCHDOG=1", manager.Received());
    }

    [Fact]
    public void A_file_that_ends_ends_its_camera_and_the_last_one_the_service()
    {
        Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.End, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright, isFrontGone: true);
        Assert.Equal([("front", false), ("back", true)], Snapshot.Rules.Select(r => (r.Camera, r.IsOn)));
        Assert.Equal("camera 'front': its file ended", Snapshot.Trouble);
        Both(FakeStep.End, FakeStep.End, isFrontGone: true);
        _running.Service.Run();
        Assert.Equal("stopping", Snapshot.State);
        Assert.Contains("service stopped frames=6", _running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_fails_on_a_frame_of_one_camera_is_rolled_back_for_both()
    {
        Both(FakeStep.Bright, FakeStep.Bright);
        BrightOrDark.Write(_running.Folder["model"], version: 6);
        LetItNotice();
        Assert.Equal("6", Snapshot.Model.Version);
        Both(FakeStep.Bright, new FakeStep(FakeStepKind.Frame, 255, Format: FourCc.Of("WXYZ"))); // of a format that no model here can be given
        Assert.Equal((1L, 1L, "5"), (Snapshot.ModelUpdates, Snapshot.ModelUpdatesRefused, Snapshot.Model.Version));
        Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright);
        Assert.All(Snapshot.Rules, r => Assert.True(r.IsOn));
    }

    [Fact]
    public void A_new_model_and_its_trial_are_of_all_cameras()
    {
        Both(FakeStep.Dark, FakeStep.Dark);
        _running.Service.WaitForWork();
        BrightOrDark.Write(_running.Folder["model"], version: 6);
        LetItNotice();
        Assert.Equal(("6", 1L), (Snapshot.Model.Version, Snapshot.ModelUpdates));
        for (int i = 0; i < 16; i++) Both(FakeStep.Bright, FakeStep.Dark);
        _running.Service.WaitForWork();
        Assert.Contains("model found good", _running.LogText, StringComparison.Ordinal); // 30 frames of both together
        Assert.Equal([("front", true), ("back", false)], Snapshot.Rules.Select(r => (r.Camera, r.IsOn)));
    }

    [Fact]
    public void A_reload_exchanges_the_camera_that_changed_and_keeps_the_rules_of_the_other()
    {
        Both(FakeStep.Bright, FakeStep.Bright);
        Both(FakeStep.Bright, FakeStep.Bright);
        int opened = _running.Opened;
        File.WriteAllText(_running.ConfigurationPath,
            File.ReadAllText(_running.ConfigurationPath).Replace("device: back", "device: new", StringComparison.Ordinal));
        _running.StepsOf["new"] = _running.StepsOf["back"];
        LetItNotice();
        Assert.Equal((1L, opened + 1), (Snapshot.Reloads, _running.Opened));
        Assert.True(Snapshot.Rules[0].IsOn);
        Assert.Equal("new", _running.LastRequest!.Device.Whole);
    }

    [Fact]
    public void Cameras_come_and_go_by_a_restart_alone()
    {
        Both(FakeStep.Bright, FakeStep.Bright);
        _running.ConfigureCameras(Rules(), "front", "side");
        LetItNotice();
        Assert.Equal((0L, 1L), (Snapshot.Reloads, Snapshot.ReloadsRefused));
        Assert.Contains("the names in 'cameras', and their order, cannot change while the service runs", _running.LogText, StringComparison.Ordinal);
        _running.Configure(RunningService.Rules);
        LetItNotice();
        Assert.Equal((0L, 2L), (Snapshot.Reloads, Snapshot.ReloadsRefused));
    }

    [Fact]
    public void Frames_left_out_for_heat_are_left_out_of_each_camera_alike()
    {
        _running.Folder.Write("root/sys/class/thermal/thermal_zone0/type", "cpu-thermal\n"u8);
        _running.Folder.Write("root/sys/class/thermal/thermal_zone0/temp", "95000\n"u8);
        _running.ConfigureCameras(Rules() + "\nbudget:\n  max_celsius: 80\n  heat_pause_s: 50\n  max_divisor: 2", "front", "back");
        _running.Time.Advance(TimeSpan.FromSeconds(2));
        Both(FakeStep.Dark, FakeStep.Dark);
        Assert.Equal(2, Snapshot.FrameDivisor);
        for (int i = 0; i < 10; i++) Both(FakeStep.Dark, FakeStep.Dark);
        Assert.Equal([(6L, 5L), (6L, 5L)], Snapshot.Cameras.Select(c => (c.Frames, c.FramesSkipped)));
    }

    [Fact]
    public void Metrics_name_the_camera_and_those_of_one_camera_without_a_name_do_not()
    {
        Both(FakeStep.Dark, FakeStep.Dark);
        string text = PrometheusText.Write(Snapshot, "1");
        Assert.Contains("resnetedge_frames_total{camera=\"front\"} 1\nresnetedge_frames_total{camera=\"back\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_frames_lost_total{camera=\"back\",reason=\"damaged\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_end_to_end_seconds_count{camera=\"front\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_rule_on{camera=\"back\",rule=\"lit\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("resnetedge_camera_healthy{camera=\"front\"} 1\n", text, StringComparison.Ordinal);
        using var one = new RunningService();
        one.Run(FakeStep.Dark);
        var (health, status) = (HealthReport.Of(one.Snapshot), StatusReport.Of(one.Snapshot, "1"));
        string[] all = [PrometheusText.Write(one.Snapshot, "1"), Json(health.ToJson()), Json(status.ToJson())];
        Assert.All(all, t => Assert.DoesNotContain("camera=\"", t, StringComparison.Ordinal));
        Assert.All(all, t => Assert.DoesNotContain("cameras", t, StringComparison.Ordinal));
        Assert.DoesNotContain("camera_healthy", all[0], StringComparison.Ordinal);

        static string Json(byte[] utf8) => System.Text.Encoding.UTF8.GetString(utf8);
    }

    private static string Rules(string more = "") => $"{RunningService.Rules}\n{more}";

    private void Both(FakeStep front, FakeStep back, bool isFrontGone = false)
    {
        if (isFrontGone) _running.RunAll(("back", back));
        else _running.RunAll(("front", front), ("back", back));
    }

    private void LetItNotice()
    {
        _running.Service.WaitForWork();
        for (int look = 0; look < 3; look++)
        {
            _running.Time.Advance(TimeSpan.FromSeconds(1.1));
            Both(FakeStep.Bright, FakeStep.Bright);
            _running.Service.WaitForWork();
        }
    }
}

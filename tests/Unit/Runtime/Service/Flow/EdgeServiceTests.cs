using ResNetEdge.Device.Cameras;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>Frames through the service, and what it does when the camera does not do what it should.</summary>
public class EdgeServiceTests
{
    [Fact]
    public void Frames_become_results_and_rules_turn_on_and_off()
    {
        using var running = new RunningService();
        Assert.Equal("starting", running.Snapshot.State);
        running.Run(FakeStep.Dark, FakeStep.Bright);
        Assert.Equal(("running", true, 2L), (running.Snapshot.State, running.Snapshot.IsHealthy, running.Snapshot.Frames));
        Assert.False(running.Snapshot.Rules[0].IsOn);
        running.Run(FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        var best = Classes.Top(running.Snapshot.Answer)[0];
        Assert.Equal(("bright", true), (best.Label, best.Probability > 0.99f));
        running.Run(FakeStep.Dark, FakeStep.Dark);
        Assert.False(running.Snapshot.Rules[0].IsOn);
        Assert.Contains("rule on rule=lit label=bright", running.LogText, StringComparison.Ordinal);
        Assert.Equal(5, running.Snapshot.EndToEnd.Count);
    }

    [Fact]
    public void A_camera_that_fails_is_opened_again_and_rules_turn_off_meanwhile()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        for (int i = 0; i < 3; i++) running.Openings.Enqueue(new CameraException("no such device"));
        running.Run(FakeStep.Fail);
        Assert.Equal(("blind", false), (running.Snapshot.State, running.Snapshot.IsHealthy));
        Assert.False(running.Snapshot.Rules[0].IsOn);
        Assert.Contains("rule off rule=lit label=\"\" probability=0 reason=blind", running.LogText, StringComparison.Ordinal);
        Pump(running, () => running.Opened == 2);
        running.Run(FakeStep.Dark);
        Assert.Equal(("running", 3L, 1L), (running.Snapshot.State, running.Snapshot.Frames, running.Snapshot.CameraFailures));
        Assert.Equal(1, Count(running.LogText, "no camera; trying again")); // the same complaint is said once
    }

    [Fact]
    public void A_camera_gone_for_an_hour_comes_back_within_the_longest_wait()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        bool isGone = true;
        var end = running.Time.Now + TimeSpan.FromHours(1);
        running.Run(FakeStep.Fail);
        while (running.Time.Now < end)
        {
            if (isGone && running.Openings.Count == 0) running.Openings.Enqueue(new CameraException("gone"));
            running.Time.Advance(TimeSpan.FromSeconds(1));
            running.Service.Step();
            Assert.Equal("blind", running.Snapshot.State);
        }

        isGone = false;
        running.Openings.Clear();
        var back = running.Time.Now;
        Pump(running, () => running.Opened == 2);
        Assert.InRange(running.Time.Now - back, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        running.Run(FakeStep.Dark);
        Assert.Equal("running", running.Snapshot.State);
    }

    [Fact]
    public void Silence_without_an_error_is_a_stuck_camera()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Dark);
        running.Run(FakeStep.Silence, 24); // 4.8 s of the 5 that it may be silent
        Assert.Equal((1, "running"), (running.Opened, running.Snapshot.State));
        running.Run(FakeStep.Silence);
        Assert.Equal("blind", running.Snapshot.State);
        Assert.Contains("camera lost; opening it again reason=\"no frame for", running.LogText, StringComparison.Ordinal);
        Pump(running, () => running.Opened == 2);
    }

    [Fact]
    public void A_camera_that_opens_and_never_gives_a_frame_is_not_hammered()
    {
        using var running = new RunningService();
        running.Service.WaitForWork(); // the clock below runs ahead of it, and work that takes minutes is left behind
        var start = running.Time.Now;
        for (int i = 0; i < 3000; i++) running.Service.Step();
        double openingsPerMinute = running.Opened / (running.Time.Now - start).TotalMinutes;
        Assert.InRange(openingsPerMinute, 4, 12); // 5 s of silence, then a wait of at most 5 s
    }

    [Fact]
    public void A_frame_that_cannot_be_used_is_counted_and_said_once()
    {
        using var running = new RunningService();
        var coded = new FakeStep(FakeStepKind.Frame, 7, default, FourCc.Mjpeg); // no JPEG begins like that
        running.Run(FakeStep.Dark, coded, coded, coded, FakeStep.Dark);
        Assert.Equal((2L, 3L), (running.Snapshot.Frames, running.Snapshot.FramesDamaged));
        Assert.Equal("running", running.Snapshot.State);
    }

    [Fact]
    public void A_file_that_ends_ends_the_service()
    {
        using var running = new RunningService();
        running.Steps.Enqueue(FakeStep.Bright);
        running.Steps.Enqueue(FakeStep.Bright);
        running.Steps.Enqueue(FakeStep.End);
        running.Service.Run();
        Assert.Equal("stopping", running.Snapshot.State);
        Assert.Contains("reason=stopped", running.LogText, StringComparison.Ordinal); // the rule that was on is turned off
        Assert.Contains("service stopped frames=2", running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wall_clock_may_jump()
    {
        using var running = new RunningService();
        running.Run(FakeStep.Bright, FakeStep.Bright);
        running.Time.JumpWallClock(TimeSpan.FromDays(-4000));
        running.Run(FakeStep.Bright, FakeStep.Bright);
        running.Time.JumpWallClock(TimeSpan.FromDays(9000));
        running.Run(FakeStep.Bright);
        Assert.Equal((5L, "running"), (running.Snapshot.Frames, running.Snapshot.State));
        Assert.True(running.Snapshot.Rules[0].IsOn);
        Assert.InRange(running.Snapshot.EndToEnd.Sum, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Heat_leaves_frames_out_and_cooling_brings_them_back()
    {
        using var running = new RunningService();
        running.Folder.Write("root/sys/class/thermal/thermal_zone0/type", "cpu-thermal\n"u8);
        running.Folder.Write("root/sys/class/thermal/thermal_zone0/temp", "85000\n"u8);
        running.Configure(RunningService.Rules + "\nbudget:\n  max_celsius: 80\n  heat_pause_s: 5\n  calm_s: 2\n  max_divisor: 2");
        running.Time.Advance(TimeSpan.FromSeconds(2));
        running.Run(FakeStep.Dark);
        Assert.Equal((2, 85.0), (running.Snapshot.FrameDivisor, running.Snapshot.TemperatureCelsius));
        running.Run(FakeStep.Dark, 10);
        Assert.Equal((6L, 5L), (running.Snapshot.Frames, running.Snapshot.FramesSkipped));
        running.Folder.Write("root/sys/class/thermal/thermal_zone0/temp", "60000\n"u8);
        for (int i = 0; i < 4; i++)
        {
            running.Time.Advance(TimeSpan.FromSeconds(1.1));
            running.Run(FakeStep.Dark, FakeStep.Dark);
        }

        Assert.Equal((1, 1L, 1L), (running.Snapshot.FrameDivisor, running.Snapshot.StepsDown, running.Snapshot.StepsUp));
    }

    [Fact]
    public void A_camera_whose_configuration_can_never_work_is_refused_at_the_start()
    {
        using var running = new RunningService();
        running.Openings.Enqueue(EdgeException.BadInput("the camera has no format YUYV"));
        Assert.Equal(FailureKind.BadInput, Assert.Throws<EdgeException>(running.Start).Kind);
        running.Openings.Enqueue(EdgeException.Unavailable("no permission yet"));
        Assert.Equal("starting", running.Start().Snapshot().State);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static void Pump(RunningService running, Func<bool> until)
    {
        for (int i = 0; i < 1000 && !until(); i++)
        {
            running.Time.Advance(TimeSpan.FromMilliseconds(100));
            running.Service.Step();
        }

        Assert.True(until());
    }
}

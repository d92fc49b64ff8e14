using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Flow;

/// <summary>
/// A rule that is on says what the camera shows now. Whatever keeps frames from being answered
/// turns it off within the stall time, and health says so.
/// </summary>
public class StaleDecisionTests
{
    private const int FramesOfStall = 125; // of 40 ms each, 5 s

    [Fact]
    public void Damaged_frames_alone_make_the_service_blind()
    {
        using var manager = new FakeManager();
        using var running = new RunningService { Manager = manager };
        Light(running);
        running.Run(FakeStep.Damaged, FramesOfStall - 1);
        Assert.True(running.Snapshot.IsHealthy);
        manager.Received();
        running.Run(FakeStep.Damaged);
        AssertBlind(running);
        Assert.DoesNotContain("WATCHDOG=1", manager.Received());
        Assert.Contains("camera lost; opening it again reason=\"none of 124 frames could be used for 5.0 s; the last: ", running.LogText,
            StringComparison.Ordinal);
        for (int i = 0; i < 3 * FramesOfStall; i++)
        {
            running.Steps.Enqueue(FakeStep.Damaged); // opened anew, it is no better
            running.Service.Step();
            AssertBlind(running);
        }

        running.Steps.Clear();
        Assert.Contains("could be used", running.Snapshot.Trouble, StringComparison.Ordinal);
        Assert.InRange(running.Opened, 2, 4);
        Pump(running, () => running.Opened > 3);
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal((true, true, null), (running.Snapshot.IsHealthy, running.Snapshot.Rules[0].IsOn, running.Snapshot.Trouble));
    }

    [Fact]
    public void A_good_frame_among_damaged_ones_is_a_sign_of_life()
    {
        using var running = new RunningService();
        Light(running);
        for (int i = 0; i < 5; i++) running.Run([.. Enumerable.Repeat(FakeStep.Damaged, FramesOfStall - 5), FakeStep.Bright]);
        Assert.Equal((true, true, 1), (running.Snapshot.IsHealthy, running.Snapshot.Rules[0].IsOn, running.Opened));
    }

    [Fact]
    public void Frames_from_long_ago_are_not_answered()
    {
        using var running = new RunningService();
        Light(running);
        long answered = running.Snapshot.Frames;
        running.Run(FakeStep.Late(TimeSpan.FromSeconds(6)) with { Brightness = 255 }, FramesOfStall);
        AssertBlind(running);
        Assert.Equal(answered, running.Snapshot.Frames);
        Assert.Contains("older than stall_timeout_s", running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_hangs_is_no_picture_where_the_configuration_says_so()
    {
        using var running = new RunningService();
        running.Configure(RunningService.Rules, camera: "fake\n  frozen_timeout_s: 1");
        Light(running);
        running.Run(FakeStep.Bright, 23); // the same for 0.96 s
        Assert.Equal((25L, 0L), (running.Snapshot.Frames, running.Snapshot.FramesDamaged));
        running.Run(FakeStep.Bright, FramesOfStall);
        AssertBlind(running);
        Assert.Contains("bit for bit", running.LogText, StringComparison.Ordinal);
        Pump(running, () => running.Opened == 2);
        running.Run(FakeStep.Dark);
        Assert.True(running.Snapshot.IsHealthy);
    }

    [Fact]
    public void Frames_left_out_for_heat_leave_no_decision_without_an_answer()
    {
        using var running = new RunningService();
        running.Folder.Write("root/sys/class/thermal/thermal_zone0/type", "cpu-thermal\n"u8);
        running.Folder.Write("root/sys/class/thermal/thermal_zone0/temp", "95000\n"u8);
        running.Configure(
            RunningService.Rules + "\nbudget:\n  max_celsius: 80\n  heat_pause_s: 0.1\n  max_divisor: 64", camera: "fake\n  stall_timeout_s: 0.8");
        Light(running);
        for (int i = 0; i < 6; i++)
        {
            running.Time.Advance(TimeSpan.FromSeconds(0.7));
            running.Run(FakeStep.Bright, 10);
        }

        long answered = running.Snapshot.Frames;
        Assert.Equal(64, running.Snapshot.FrameDivisor);
        running.Run(FakeStep.Bright, 110); // 4.4 s: at least every 0.4 s one is answered
        Assert.InRange(running.Snapshot.Frames - answered, 11, 13);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        running.Run(FakeStep.Dark, 30);
        Assert.False(running.Snapshot.Rules[0].IsOn);
    }

    [Fact]
    public void A_machine_that_slept_looks_anew()
    {
        using var running = new RunningService();
        Light(running);
        running.Asleep += TimeSpan.FromSeconds(4);
        running.Run(FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
        running.Asleep += TimeSpan.FromHours(4);
        Assert.False(running.Snapshot.IsHealthy);
        running.Run(FakeStep.Bright);
        AssertBlind(running);
        Assert.Contains("no frame for 14400.0 s", running.LogText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_hangs_keeps_no_rule_on()
    {
        using var running = new RunningService();
        Light(running);
        (string State, bool IsOn)? seen = null;
        running.Run(FakeStep.Hang(() =>
        {
            running.Time.Advance(TimeSpan.FromSeconds(6));
            seen = (running.Snapshot.State, running.Snapshot.Rules[0].IsOn);
            running.Time.Advance(TimeSpan.FromMinutes(1));
        }));
        Assert.Equal(("blind", false), seen);
        AssertBlind(running);
        Pump(running, () => running.Opened == 2);
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.True(running.Snapshot.Rules[0].IsOn);
    }

    [Fact]
    public async Task A_frame_thread_that_hangs_is_not_needed_to_turn_rules_off()
    {
        using var running = new RunningService();
        using ManualResetEventSlim hangs = new(), goesOn = new();
        Light(running);
        running.Steps.Enqueue(FakeStep.Hang(() =>
        {
            hangs.Set();
            goesOn.Wait();
        }));
        var frameThread = Task.Run(running.Service.Step);
        hangs.Wait();
        running.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(running.Snapshot.IsHealthy);
        running.Time.Advance(TimeSpan.FromSeconds(0.4));
        AssertBlind(running);
        Assert.Contains("no frame was processed for", running.Snapshot.Trouble, StringComparison.Ordinal);
        goesOn.Set();
        await frameThread;
        AssertBlind(running);
    }

    private static void Light(RunningService running)
    {
        running.Run(FakeStep.Bright, FakeStep.Bright);
        Assert.Equal((true, true), (running.Snapshot.IsHealthy, running.Snapshot.Rules[0].IsOn));
    }

    private static void AssertBlind(RunningService running)
    {
        Assert.Equal(("blind", false, false), (running.Snapshot.State, running.Snapshot.IsHealthy, running.Snapshot.Rules[0].IsOn));
        Assert.Contains("rule off rule=lit label=\"\" probability=0 reason=blind", running.LogText, StringComparison.Ordinal);
    }

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
